"""What becomes of records in time: words are erased, and calls that nobody finished are closed."""

from centaure.kit.database import WriteSession


async def forget_texts(session: WriteSession, days: int) -> int:
    """Erase what was asked and answered more than so many days ago; how many records lost their words."""
    return await session.execute(
        "delete from model_generation_text where at < now() - make_interval(days => %(days)s)",
        {"days": days},
    )


async def lose_overdue(session: WriteSession) -> int:
    """Close records whose call nobody will finish, and give back what they reserved; how many."""
    return int(await session.value("select lose_generations()"))
