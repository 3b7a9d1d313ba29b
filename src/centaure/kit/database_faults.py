"""The faults of a database, as sentences for whoever waits for it."""

from collections.abc import Generator
from contextlib import contextmanager

from psycopg import Error, OperationalError
from psycopg.errors import QueryCanceled

from centaure.kit.errors import Unavailable

AWAY = "The database does not answer. It may be starting; try again in a few seconds."
_REFUSED = "The database could not do this now; its log says why. Try again in a few seconds."


@contextmanager
def in_sentences() -> Generator[None]:
    """Turn the faults of a database that is away or late into sentences.

    What remains of an error is its first line: the others may hold the words of documents, and errors go
    to logs.
    """
    try:
        yield
    except QueryCanceled as error:
        raise Unavailable("The database took too long. Make the question simpler.") from error
    except OperationalError as error:
        away = error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))
        raise Unavailable(AWAY if away else _REFUSED) from error
    except Error as error:
        error.args = (error.diag.message_primary or str(error).partition("\n")[0],)
        raise
