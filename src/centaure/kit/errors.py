"""The tree of errors; every one is a sentence for the person who reads it.

CentaureError            something that a person can act upon
├── InvalidInput         what was asked is not of the right form             422, exit 2
├── NotFound             it does not exist, or the caller may not see it     404, exit 3
├── NotSignedIn          nobody, or nobody any more                          401, exit 4
├── Forbidden            signed in, but without the role or scope            403, exit 4
├── Conflict             it stands in the way of what exists                 409, exit 5
├── TooManyRequests      later                                               429, exit 6
├── Refused              another service answered with an error              502, exit 7
└── Unavailable          a part that Centaure needs is not there             503, exit 7
"""

from collections.abc import Mapping
from typing import ClassVar


class CentaureError(Exception):
    """Something went wrong that a person can act upon.

    The message says what happened and what to do. `status` is the HTTP status and `exit_code` that of
    the command line.
    """

    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, message: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.headers = headers or {}


class InvalidInput(CentaureError):
    """What was asked is not of the right form."""

    status = 422
    exit_code = 2
    title = "Invalid input"


class NotFound(CentaureError):
    """It does not exist, or the caller may not see it: the two are never told apart."""

    status = 404
    exit_code = 3
    title = "Not found"

    def __init__(self, message: str = "There is nothing here that you can read.") -> None:
        super().__init__(message)


class NotSignedIn(CentaureError):
    """Nobody is signed in, or not any more."""

    status = 401
    exit_code = 4
    title = "Sign in"


class Forbidden(CentaureError):
    """The caller is signed in, but lacks the role or the scope."""

    status = 403
    exit_code = 4
    title = "Not allowed"


class Conflict(CentaureError):
    """It stands in the way of what already exists."""

    status = 409
    exit_code = 5
    title = "Conflict"


class TooManyRequests(CentaureError):
    """The caller must wait; the `Retry-After` header says how many seconds."""

    status = 429
    exit_code = 6
    title = "Too many requests"


class Unavailable(CentaureError):
    """A part that Centaure needs is missing, too old or does not answer."""

    status = 503
    exit_code = 7
    title = "Unavailable"


class Late(Unavailable):
    """Another service did not answer in time."""


class Refused(CentaureError):
    """Another service answered with an error; `status_code` is its HTTP status."""

    status = 502
    exit_code = 7
    title = "Refused elsewhere"

    def __init__(self, message: str, status_code: int, headers: Mapping[str, str]) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.answer_headers = headers
