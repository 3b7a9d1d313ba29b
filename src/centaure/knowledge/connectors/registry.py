"""Which connectors there are: those that installed packages name under `centaure.connectors`."""

from importlib.metadata import EntryPoint, entry_points

from centaure.kit.errors import InvalidInput, Unavailable
from centaure.knowledge.connectors.port import Connector

GROUP = "centaure.connectors"


def kinds() -> list[str]:
    """The kinds of places, in order."""
    return sorted({point.name for point in entry_points(group=GROUP)})


def connector_class(kind: str) -> type[Connector]:
    """The connector of a kind.

    Raises:
        InvalidInput: there is none of that kind.
        Unavailable: a library that it needs is not installed.
    """
    found = [point for point in entry_points(group=GROUP) if point.name == kind]
    if not found:
        raise InvalidInput(f"There is no source of kind '{kind}'. Kinds are {', '.join(kinds())}.")
    return _loaded(found[0])


def _loaded(point: EntryPoint) -> type[Connector]:
    try:
        loaded = point.load()
    except ImportError as error:
        raise Unavailable(
            f"Sources of kind '{point.name}' need the library '{error.name}': "
            f"`.venv/bin/pip install -e '.[{point.name}]'` in Centaure's folder installs it, or the package "
            "that brings this connector."
        ) from error
    if not (isinstance(loaded, type) and issubclass(loaded, Connector)):
        raise Unavailable(f"'{point.value}' is not a connector.")
    return loaded
