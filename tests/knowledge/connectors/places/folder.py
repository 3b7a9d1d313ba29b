"""A local folder, reached by the file system itself."""

from contextlib import contextmanager

from centaure.knowledge.connectors.conformance import (
    BYTES,
    CHANGE,
    IDENTITY,
    MOVE,
    REMOVE,
    VERSION,
    CannotHold,
    Place,
)
from centaure.knowledge.connectors.files.folder import FolderConnector
from centaure.knowledge.connectors.names import is_ignored
from centaure.knowledge.connectors.port import Options


class FolderPlace(Place):
    """A folder of this machine."""

    capabilities = frozenset({BYTES, CHANGE, REMOVE, MOVE, IDENTITY, VERSION})

    def __init__(self, root):
        self._root = root

    def connector(self):
        options = Options()
        return FolderConnector.connect(
            FolderConnector.normal_location(str(self._root), options), options
        )

    def write(self, path, content):
        if any(is_ignored(name) for name in path.split("/")):
            raise CannotHold
        file = self._root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return path

    def remove(self, path):
        (self._root / path).unlink()

    def move(self, old, new):
        (self._root / new).parent.mkdir(parents=True, exist_ok=True)
        (self._root / old).rename(self._root / new)
        return new


@contextmanager
def folder(started, tmp_path):
    _ = started
    root = tmp_path / "place"
    root.mkdir()
    yield FolderPlace(root)


PLACES = {"folder": folder}
