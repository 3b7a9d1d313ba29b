"""Who people are: users, groups, roles, and the ways to prove it.

Owns principals and their groups, local passwords, browser sessions, API keys and one-time invitations, and
reads the access tokens of an identity provider (`oidc`).
Whom a user belongs to, and what follows for documents, is computed by the database (identity.sql) from
the principal of the transaction alone. There is no super-user: roles open functions, never documents.

`access` is the door of every route, imported from there so that FastAPI is only where routes are;
`service` is what people do with accounts, `directory` what a source declares.
"""

from centaure.identity.directory import (
    Directory,
    DirectoryGroup,
    DirectoryUser,
    clauses_of,
    forget_manifest_directory,
    group_of_all,
    upsert_manifest_directory,
)
from centaure.identity.names import is_line
from centaure.identity.principal import Principal, Role, Scope
from centaure.identity.repository import ApiKey, User
from centaure.identity.roles import need_role
from centaure.identity.service import find_user, no_such_user

__all__ = [
    "ApiKey",
    "Directory",
    "DirectoryGroup",
    "DirectoryUser",
    "Principal",
    "Role",
    "Scope",
    "User",
    "clauses_of",
    "find_user",
    "forget_manifest_directory",
    "group_of_all",
    "is_line",
    "need_role",
    "no_such_user",
    "upsert_manifest_directory",
]
