"""Names that are no documents anywhere: hidden files, and what programs leave behind."""

import fnmatch

IGNORED_NAMES = (
    ".*",  # hidden: .git, .DS_Store, .Trash, temporary files of editors
    "~$*",  # lock files of office programs
    "*~",  # copies kept by editors
    "*.tmp",
    "*.part",
    "*.crdownload",
    "Thumbs.db",
    "desktop.ini",
    "$RECYCLE.BIN",
    "System Volume Information",
    "__MACOSX",
    "@eaDir",
    "#recycle",
    "lost+found",
)
"""Names that are passed over, files and folders; their number is in the report."""


def is_ignored(name: str) -> bool:
    """Whether a file or folder of this name is passed over."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in IGNORED_NAMES)
