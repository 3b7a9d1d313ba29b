"""What the index of vectors finds of what comparing every vector would, tested on what is stored.

The index finds nearly always the nearest vectors; how nearly depends on the vectors, on what people may read
and on what was removed since it was made. So it is tried while it serves, and looks at more where it must.
"""

from statistics import fmean

from centaure.kit.database import Database

WANTED = 30
"""Nearest vectors that a test asks for, as an answer does."""
ENOUGH = 0.95
"""Part of them that the index is to find."""
PLENTY = 0.99
NARROWEST, WIDEST = 4.0, 33.0
"""Vectors that are held while the index is walked, for each one wanted; pgvector holds 1,000 at most."""
_ACCOUNTS = 6
_QUESTIONS = 4


async def test_recall(database: Database) -> float | None:
    """Ask for what is near stored passages as some people, and keep what was found of it.

    Each question costs the time of comparing all the vectors that one person may read.

    Args:
        database: as the worker's role.

    Returns:
        The part that the index found for the person whom it served worst; None: no search uses it.
    """
    async with database.read(None) as session:
        accounts = await session.rows(_SAMPLE, {"most": _ACCOUNTS})
    found: list[float] = []
    for account in accounts:
        parts: list[float] = []
        for _ in range(_QUESTIONS):
            async with database.read(account.principal_id) as session:
                part = await session.value("select recall_of_index(%(wanted)s)", {"wanted": WANTED})
            if part is None:
                break
            parts.append(part)
        if parts:
            found.append(fmean(parts))
    if not found:
        return None
    recall = min(found)
    async with database.write(None) as session:
        widening = await session.value("select widening from generation where state = 'live'")
        await session.execute(_KEEP, {"recall": recall, "widening": widened(widening, recall)})
    return recall


def widened(widening: float, recall: float) -> float:
    """How many vectors the index is to look at for each one wanted, after a test."""
    if recall < ENOUGH:
        return min(widening * 1.25, WIDEST)
    return max(widening / 1.1, NARROWEST) if recall > PLENTY else widening


_SAMPLE = """
    select principal_id from user_account where disabled_at is null order by random() limit %(most)s
"""
_KEEP = """
    update generation set recall = %(recall)s, widening = %(widening)s, tested_at = now()
    where state = 'live'
"""
