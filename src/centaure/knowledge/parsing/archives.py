"""Zip packages opened with their true size known, so that a small file cannot become a huge one."""

import zipfile
from pathlib import Path

from centaure.knowledge.parsing.errors import BrokenFile, FileTooLarge, PasswordNeeded
from centaure.knowledge.parsing.limits import MEBIBYTE, Limits, megabytes

_ENCRYPTED_FLAG = 0x1
_RATIO_FROM = 10 * MEBIBYTE
_PIECE = 256 * 1024


def open_package(path: Path, limits: Limits) -> zipfile.ZipFile:
    """Opens an office package after checking what its directory declares.

    Raises:
        BrokenFile: the zip structure is damaged.
        PasswordNeeded: a member is encrypted.
        FileTooLarge: too many members, or too much once unpacked.
    """
    try:
        package = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BrokenFile(
            "The file is damaged: its package cannot be opened. Save it again from the program "
            "that made it."
        ) from error
    try:
        _check_directory(package, path.stat().st_size, limits)
    except BaseException:
        package.close()
        raise
    return package


def _check_directory(package: zipfile.ZipFile, packed: int, limits: Limits) -> None:
    members = package.infolist()
    if len(members) > limits.package_members:
        raise FileTooLarge(
            f"The file holds {len(members)} parts, more than {limits.package_members}: "
            "it is not an ordinary document."
        )
    if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
        raise PasswordNeeded(
            "The file is protected by a password. Save a copy without a password to have it read."
        )
    unpacked = sum(member.file_size for member in members)
    _check_size(unpacked, packed, limits)


def _check_size(unpacked: int, packed: int, limits: Limits) -> None:
    excessive = unpacked > _RATIO_FROM and unpacked > packed * limits.unpacked_ratio
    if unpacked > limits.unpacked_bytes or excessive:
        raise FileTooLarge(
            f"The file of {megabytes(packed)} unpacks to more than {megabytes(unpacked)}, "
            "which no ordinary document does: it was not opened."
        )


def read_member(package: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """The bytes of one member, of which `limit` at most are ever unpacked.

    Raises:
        FileTooLarge: the member is larger, whatever the directory declares.
        BrokenFile: the member is missing or damaged.
    """
    try:
        with package.open(name) as member:
            content = member.read(limit + 1)
    except (KeyError, zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
        raise BrokenFile(f"The file is damaged: its part {name} cannot be read.") from error
    except Exception as error:  # zlib.error and lzma's own errors share no base with the others
        raise BrokenFile(f"The file is damaged: its part {name} cannot be unpacked.") from error
    if len(content) > limit:
        raise FileTooLarge(
            f"A part of the file ({name}) unpacks to more than {megabytes(limit)}: not read."
        )
    return content


def check_markup(package: zipfile.ZipFile, limits: Limits) -> None:
    """Unpacks every member once and refuses sizes that lie and markup that declares entities.

    Libraries unpack whole members; the directory's sizes are only promises. No office program
    writes a document type, which is what entity attacks need.
    """
    total = 0
    packed = max(1, sum(member.compress_size for member in package.infolist()))
    for member in package.infolist():
        if not member.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        try:
            with package.open(member) as stream:
                head = stream.read(4096)
                total += len(head)
                while piece := stream.read(_PIECE):
                    total += len(piece)
                    _check_size(total, packed, limits)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
            raise BrokenFile(
                f"The file is damaged: its part {member.filename} cannot be read."
            ) from error
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise BrokenFile(
                f"The part {member.filename} of the file declares a document type, which office "
                "programs never write: it was not opened."
            )
