"""What each term of a passage is worth: the part of BM25 that does not depend on the question.

BM25F (Robertson, Zaragoza, Taylor 2004) with constant weights of fields and a constant reference
length: a passage's numbers depend on that passage alone and are computed once, when it is indexed.
A score is then the inner product of these numbers with the weights of the question's terms.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from centaure.knowledge.language import tokens, weight
from centaure.knowledge.retrieval.terms import DIMENSIONS, term_number

K1 = 0.9
"""Saturation: how soon a repeated term adds nothing."""
B = 0.4
"""Share of the length normalisation."""
REFERENCE_LENGTH = 150
"""Indexed tokens of a passage of ordinary length."""
GREATEST_IMPACT = K1 + 1
"""What no impact exceeds, however often a term comes. The search function relies on it."""
WIDESPREAD = 0.3
"""Share of a document's passages from which on a term is what the document as a whole is about."""
MOST_TERMS = 4000
"""Terms kept of one passage, the most telling first; a passage of ordinary length has 150."""

TITLE = 2.0
HEADINGS = 1.0
FILE_NAME = 0.5
"""Occurrences of the text that one occurrence in each other field counts as."""


def sparse_vector(values: Mapping[int, float]) -> str:
    """Numbers by dimension, as PostgreSQL reads a `sparsevec`."""
    pairs = ",".join(f"{number}:{values[number]:.4f}" for number in sorted(values))
    return f"{{{pairs}}}/{DIMENSIONS}"


def count_stems(text: str, language: str) -> Counter[str]:
    """How often each stem that is not a stop word comes in a text.

    Text that is neither French nor English is cut as French, which questions always are too, and has
    no stop words.
    """
    if language == "simple":
        return Counter(token.stem for token in tokens(text, "fr"))
    return Counter(token.stem for token in tokens(text, language) if not token.stop)


def impacts(
    body: Mapping[str, int], fields: Iterable[tuple[float, Mapping[str, int]]], language: str
) -> dict[int, float]:
    """The impact of each term, by its number, in (0, `GREATEST_IMPACT`).

    Args:
        body: Occurrences of each stem in the text, whose length is their sum.
        fields: Weight of a field, and occurrences in it: short texts that do not count as length.
        language: Language of the stems.
    """
    occurrences: dict[str, float] = dict(body)
    for field_weight, counts in fields:
        for stem, count in counts.items():
            occurrences[stem] = occurrences.get(stem, 0) + field_weight * count
    if len(occurrences) > MOST_TERMS:
        telling = sorted(occurrences, key=lambda stem: (-weight(stem, language), stem))
        occurrences = {stem: occurrences[stem] for stem in telling[:MOST_TERMS]}
    softening = K1 * (1 - B + B * sum(body.values()) / REFERENCE_LENGTH)
    return {
        term_number(stem): count * (K1 + 1) / (count + softening)
        for stem, count in occurrences.items()
    }


def index_row(
    *, title: str, file_name: str, heading_path: Sequence[str], text: str, language: str
) -> str:
    """What the index keeps of a passage, as PostgreSQL reads a `sparsevec`.

    Args:
        title: Title of the document, may be empty.
        file_name: Last part of its path.
        heading_path: Headings above the passage, outermost first.
        text: The passage.
        language: Language of the passage: "fr", "en" or "simple".
    """
    fields = (
        (TITLE, count_stems(title, language)),
        (HEADINGS, count_stems("\n".join(heading_path), language)),
        (FILE_NAME, count_stems(file_name.replace("_", " "), language)),
    )
    return sparse_vector(impacts(count_stems(text, language), fields, language))


def document_row(rows: Sequence[str]) -> str | None:
    """What the index keeps of a document as a whole, from what it keeps of each of its passages.

    A term is worth the share of passages that hold it, over `WIDESPREAD`, at most 1: a passage on margins
    may not say "Apple", but stands in a report where most passages do. None for a document of one passage,
    which says as much itself.
    """
    if len(rows) < 2:
        return None
    held = Counter(
        pair.partition(":")[0]
        for row in rows
        for pair in row.partition("}")[0].lstrip("{").split(",")
        if pair
    )
    full = WIDESPREAD * len(rows)
    most = sorted(held, key=lambda term: (-held[term], term))[:MOST_TERMS]
    return sparse_vector({int(term): min(1.0, held[term] / full) for term in most})
