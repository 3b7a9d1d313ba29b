"""Do questions find documents of the other language by the lexicon of business terms, with no model?

Thirty questions over the documents of the sample company, each answered by a document of the other
language, searched among all of them by somebody who may read everything. They were written from the
documents, after the lexicon, which was not changed for them.

    python benchmarks/crosslingual.py
"""

import asyncio
import tempfile
from pathlib import Path

import psycopg

from centaure.app.installation import Installation, open_installation
from centaure.kit.database import ReadSession
from centaure.kit.settings import Settings
from centaure.knowledge.retrieval import SearchFilters, analyse, search, service
from centaure.knowledge.retrieval.finding import ITSELF, joined
from centaure.knowledge.retrieval.prompts import Task, prompt
from centaure.knowledge.retrieval.question import Question
from centaure.knowledge.retrieval.simulated import by_rule
from centaure.knowledge.retrieval.understanding import Write, understood_by_model
from centaure.knowledge.sources.service import NewSource, add_source
from centaure.knowledge.sources.sync import sync_source
from report import report

COMPANY = Path(__file__).parents[1] / "examples" / "company"
DEPTH = 10
POLICY_UK = "ressources-humaines/politiques/travel-policy-uk-2026.docx"
BENCH = "production/securite/test-bench-safety-leeds.pdf"
CREDIT = "finance/procedures/customer-credit-policy.docx"
NDA = "juridique-achats/procedures/mutual-nda-template.odt"
CODE = "juridique-achats/procedures/supplier-code-of-conduct.md"
BOARD = "direction/supervisory-board-minutes-2026-09.pdf"
VISIT = "commun/intranet/leeds-visitor-guide.html"
BEARING = "juridique-achats/fournisseurs/rotalis-bearings.html"
WORKING_TIME = "ressources-humaines/politiques/accord-temps-travail.pdf"
TRAINING = "ressources-humaines/politiques/politique-formation-2026.odt"
CHARTER = "commun/charte-informatique.odt"
REMOTE = "commun/intranet/teletravail.html"
PURCHASE = "juridique-achats/procedures/procedure-achats-JUR-004.md"
TERMS = "juridique-achats/procedures/conditions-generales-achat.docx"
LOCKOUT = "production/securite/procedure-consignation-MNT-007.docx"
CLOSING = "finance/procedures/cloture-mensuelle.md"
WELCOME = "commun/livret-accueil-2026.pdf"
JOB = "ressources-humaines/recrutement/fiche-poste-technicien-maintenance.md"

QUESTIONS = {
    "to English": {
        "Quel est le plafond par nuit d'hôtel au Royaume-Uni ?": POLICY_UK,
        "Combien rembourse-t-on par mile pour une voiture personnelle en Angleterre ?": POLICY_UK,
        "Quelle est la pression maximale d'essai pour les corps de pompe en bronze ?": BENCH,
        "À partir de combien de décibels la protection auditive est-elle obligatoire ?": BENCH,
        "Où se trouve le défibrillateur le plus proche ?": BENCH,
        "Quelle limite de crédit pour les distributeurs ?": CREDIT,
        "Quand envoie-t-on la première relance d'une facture impayée ?": CREDIT,
        "Combien de temps dure un accord de confidentialité ?": NDA,
        "Qui peut signer un accord de confidentialité avec un partenaire étranger ?": NDA,
        "Quelle est la valeur maximale d'un cadeau offert par un fournisseur ?": CODE,
        "Quel préavis avant un audit chez un fournisseur ?": CODE,
        "Quand se termine le bail du site de Leeds ?": BOARD,
        "Quel dividende est proposé par action ?": BOARD,
        "Combien de places de parking pour les visiteurs ?": VISIT,
        "Quel est le prix unitaire d'un roulement 6316 ?": BEARING,
    },
    "to French": {
        "How many hours do non-shift staff work each week?": WORKING_TIME,
        "How is overtime paid?": WORKING_TIME,
        "What does an on-call weekend pay?": WORKING_TIME,
        "How many characters must a password have?": CHARTER,
        "Are personal USB sticks allowed in the workshops?": CHARTER,
        "How many days of remote work are allowed per week?": REMOTE,
        "How many quotations are needed for a purchase of 5,000 euros?": PURCHASE,
        "What do we need to open an account for a new supplier?": PURCHASE,
        "What is the penalty for late delivery?": TERMS,
        "How long is the warranty on supplies?": TERMS,
        "Who may remove a padlock when the person who locked out the machine is away?": LOCKOUT,
        "By which working day is the monthly closing finished?": CLOSING,
        "How much is the training budget this year?": TRAINING,
        "Who is the head of human resources?": WELCOME,
        "Which degree does the maintenance technician need?": JOB,
    },
}


async def fill(installation: Installation) -> int:
    """Synchronise the sample company and let one user read all of it; the user's principal."""
    indexer = installation.database("indexer")
    source = await add_source(
        indexer, NewSource(COMPANY / "documents", manifest=COMPANY / "rights.yaml")
    )
    await sync_source(indexer, source.id)
    await indexer.close()
    with psycopg.connect(
        installation.schema.conninfo("owner"), options="-c search_path=centaure,public"
    ) as connection:
        user = connection.execute(
            "insert into principal (kind, key, label) values ('user', 'user:bench', 'bench')"
            " returning id"
        ).fetchone()
        assert user is not None
        connection.execute(
            "insert into user_account (principal_id, login, name) values (%s, 'bench', 'bench')",
            user,
        )
        connection.execute("update document set readers = array[%s], denied = '{}'", user)
    return int(user[0])


async def ranks(
    installation: Installation, user: int, questions: dict[str, str], write: Write | None
) -> list[int]:
    """Rank of the first passage of the right document, 0 where it is not among the ten best documents.

    With a model the translation that it writes is searched as well.
    """
    database = installation.database("app")
    found: list[int] = []
    for question, wanted in questions.items():
        texts = {ITSELF: question}
        if write is not None:
            reading = await understood_by_model(write, question, (), {"translation"}, 60.0)
            texts |= reading.searches
        async with database.read(user) as session:
            results = {
                name: await search(session, text, SearchFilters(), 5 * DEPTH)
                for name, text in texts.items()
            }
        hits = joined(results, 5 * DEPTH)
        paths = list(dict.fromkeys(hit.document.path for hit in hits))[:DEPTH]
        found.append(paths.index(wanted) + 1 if wanted in paths else 0)
    await database.close()
    return found


async def twin(task: Task, text: str) -> str:
    """What the simulated model writes."""
    return by_rule(prompt(task), text) or ""


async def _alone(_: ReadSession, text: str) -> Question:
    return analyse(text)


def main() -> None:
    rows: list[list[str | int | float | None]] = []
    with tempfile.TemporaryDirectory(prefix="centaure-bench-") as folder:
        Path(folder).chmod(0o711)
        with open_installation(Settings(home=Path(folder))) as installation:
            user = asyncio.run(fill(installation))
            understood = service.understood
            for name, (way, model) in {
                "words alone": (_alone, None),
                "words and the simulated model": (_alone, twin),
                "with the lexicon": (understood, None),
                "with both": (understood, twin),
            }.items():
                service.understood = way
                for direction, questions in QUESTIONS.items():
                    found = asyncio.run(ranks(installation, user, questions, model))
                    share = [sum(0 < rank <= depth for rank in found) for depth in (1, 3, DEPTH)]
                    reciprocal = sum(1 / rank for rank in found if rank) / len(found)
                    rows.append([f"{name}, {direction}", len(found), *share, reciprocal])
                    missed = [q for q, rank in zip(questions, found, strict=True) if rank != 1]
                    print(*(f"  not first: {question}" for question in missed), sep="\n")
            service.understood = understood
    report(
        "crosslingual", ["search", "questions", "first", "in 3", f"in {DEPTH}", "MRR@10"], rows, {}
    )


if __name__ == "__main__":
    main()
