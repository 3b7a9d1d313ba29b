"""Whether the program that reads pictures of text is there."""

import shutil
import subprocess

NEEDED = frozenset({"fra", "eng"})


def ocr_is_there() -> bool:
    """Whether tesseract and its French and English data are installed, asked afresh each time."""
    program = shutil.which("tesseract")
    if program is None:
        return False
    try:
        listing = subprocess.run(  # noqa: S603 - the program found on the path, fixed arguments
            [program, "--list-langs"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return set((listing.stdout + listing.stderr).split()) >= NEEDED
