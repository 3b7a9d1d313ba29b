"""Models that are fetched on request, from where they are published, each file checked before it is kept."""

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from centaure.kit.errors import InvalidInput, NotFound, Refused, Unavailable
from centaure.kit.outbound import Outbound

_LONGEST_S = 3600.0


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file of a model; `size` in bytes."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PublishedModel:
    """Where a model is published, at one revision for good, and what its files are.

    Attributes:
        address: of its files.
        hosts: that it may be sent from: its home, and those that this redirects to.
        licence: of the model.
        files: the largest last: with it the model is whole.
    """

    address: str
    hosts: tuple[str, ...]
    licence: str
    files: tuple[PublishedFile, ...]

    @property
    def size(self) -> int:
        """Of all its files, in bytes."""
        return sum(file.size for file in self.files)


PUBLISHED: Mapping[str, PublishedModel] = {
    # Sizes and digests as several programs that do not know each other pin them for this revision.
    "multilingual-e5-small": PublishedModel(
        "https://huggingface.co/intfloat/multilingual-e5-small/resolve/"
        "614241f622f53c4eeff9890bdc4f31cfecc418b3",
        ("huggingface.co", "*.huggingface.co", "*.hf.co"),
        "MIT",
        (
            PublishedFile(
                "config.json",
                655,
                "69137736cab8b8903a07fe8afaafdda25aac55415a12a55d1bffa9f581abf959",
            ),
            PublishedFile(
                "tokenizer.json",
                17_082_730,
                "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39",
            ),
            PublishedFile(
                "model.safetensors",
                470_641_600,
                "1a55775f53449dac10a2bcbc312469fac40b96d53198c407081a831f81c98477",
            ),
        ),
    )
}


def published_model(name: str) -> PublishedModel:
    """The model of that name.

    Raises:
        NotFound: none that is known here has it.
    """
    if name not in PUBLISHED:
        known = ", ".join(PUBLISHED)
        raise NotFound(
            f"'{name}' is not a model that can be fetched. Those are: {known}. Another one is added from a "
            "folder that you fill yourself."
        )
    return PUBLISHED[name]


def fetch(
    model: PublishedModel,
    folder: Path,
    *,
    mirror: str = "",
    tell: Callable[[PublishedFile], object] = lambda _: None,
) -> None:
    """Fetch the files that the folder lacks. Blocks.

    A file appears under its name when it is whole and right; one that is there and right is not fetched.

    Args:
        model: what to fetch.
        folder: made where it does not exist.
        mirror: address of the same files elsewhere; what they are to be does not change.
        tell: called before each file.

    Raises:
        InvalidInput: the mirror is not an address.
        Unavailable: there is no answer, another file than expected, or no room.
    """
    parts = urlsplit(mirror or model.address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InvalidInput("Write the address of the mirror as https://host/folder.")
    outbound = Outbound(
        hosts=(parts.hostname,) if mirror else model.hosts, longest_s=_LONGEST_S, attempts=3
    )
    address = (mirror or model.address).rstrip("/")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in model.files:
            if not _is_right(folder / file.path, file):
                tell(file)
                _fetch(outbound, f"{address}/{file.path}", folder / file.path, file)
    except OSError as error:
        raise Unavailable(f"The model cannot be written to {folder} ({error.strerror}).") from None
    except (Refused, Unavailable) as error:
        raise Unavailable(
            f"{error.message} What was fetched whole is kept: the same command goes on from there. Without "
            "access to this address, fetch the files elsewhere and put them in a folder."
        ) from None
    finally:
        outbound.close()


def _fetch(outbound: Outbound, address: str, path: Path, file: PublishedFile) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    digest, received = hashlib.sha256(), 0
    try:
        with outbound.stream("GET", address) as answer, draft.open("wb") as written:
            for piece in answer.pieces(file.size):
                digest.update(piece)
                received += len(piece)
                written.write(piece)
        if (received, digest.hexdigest()) != (file.size, file.sha256):
            raise Unavailable(
                f"{address} is not the file that it is to be ({received} bytes, SHA-256 "
                f"{digest.hexdigest()}; expected {file.size} bytes, {file.sha256}). It was not kept."
            )
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _is_right(path: Path, file: PublishedFile) -> bool:
    if not path.is_file() or path.stat().st_size != file.size:
        return False
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == file.sha256
