"""Whether whoever acts has the role that something needs, asked of the database."""

from centaure.identity.principal import Role
from centaure.kit.database import ReadSession
from centaure.kit.errors import Forbidden


def lacks(role: Role) -> Forbidden:
    """The refusal of somebody without a role."""
    return Forbidden(f"This needs the role {role}. Ask an administrator for it.")


async def need_role(session: ReadSession, role: Role) -> None:
    """Refuse a principal without a role.

    Args:
        session: of whoever acts.
        role: what is needed.

    Raises:
        Forbidden: with the role that it needs.
    """
    if not await session.value("select has_role(%(role)s)", {"role": role.value}):
        raise lacks(role)
