"""Preferences as data to train with, for administrators: of whoever consents, both sides readable."""

import json
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from centaure.audit import Action, record
from centaure.kit.database import Database, WriteSession
from centaure.kit.errors import Forbidden

AT_ONCE = 200

# Policies leave out what the administrator may not read, and both answers with it.
_PREFERENCES = """
    select comparison.id, question as prompt, chosen.sentences as chosen, rejected.sentences as rejected,
           comparison.kind, comparison.task, comparison.language, comparison.reasons
      from comparison
      join comparison_text on comparison_text.comparison_id = comparison.id
      join comparison_answer chosen
        on chosen.comparison_id = comparison.id and chosen.side = comparison.vote
      join comparison_answer rejected
        on rejected.comparison_id = comparison.id and rejected.side <> comparison.vote
     where comparison.consent and comparison.counts and comparison.vote in ('left', 'right')
       and chosen.sentences <> rejected.sentences
       and has_role('administrator')
       and comparison.id > %(after)s
     order by comparison.id
     limit %(most)s
"""


async def put_on_record(session: WriteSession) -> None:
    """Say that the principal exports preferences.

    Raises:
        Forbidden: they are no administrator.
    """
    if not await session.value("select has_role('administrator')"):
        raise Forbidden("This needs the role administrator. Ask an administrator for it.")
    await record(session, Action.PREFERENCE_EXPORT, "")


async def preferences(database: Database, principal: int) -> AsyncGenerator[str]:
    """One line of JSON for each preference that a principal may export, with its line break.

    A few are in memory at once, and no transaction is open while somebody takes them.

    `prompt` is the question; `chosen` and `rejected` are the answers, in sentences without marks of citation.
    Who voted is not in it.
    """
    after = 0
    while True:
        async with database.read(principal) as session:
            rows = await session.rows(_PREFERENCES, {"after": after, "most": AT_ONCE})
        for row in rows:
            line = {
                "prompt": row.prompt,
                "chosen": _text(row.chosen),
                "rejected": _text(row.rejected),
                "compared": row.kind,
                "task": row.task,
                "language": row.language,
                "reasons": row.reasons,
            }
            yield json.dumps(line, ensure_ascii=False) + "\n"
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].id


def _text(sentences: Sequence[dict[str, Any]]) -> str:
    return " ".join(str(one["text"]).strip() for one in sentences)
