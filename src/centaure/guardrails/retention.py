"""What guardrails keep for a time only."""

from centaure.kit.database import WriteSession


async def forget_pseudonyms(session: WriteSession) -> int:
    """Remove the pseudonyms that have been kept for long enough; how many there were."""
    return await session.execute("delete from pseudonym where expires_at <= now()")


async def forget_held(session: WriteSession) -> int:
    """Remove what was held back for long enough, decided on or not; how many there were."""
    return await session.execute("delete from held where expires_at <= now()")
