"""Texts made to be slow: as long as any that is read, they are read all the same."""

import subprocess
import sys

import pytest

LONGEST = 100_000
PATIENCE_S = 300.0
"""Far more than reading takes, and far less than it took where its time grew with a power of the length."""
MADE = {
    "a street with a number, in Dutch or German": ("", "O'", ""),
    "a name at the end of its line": ("Jean ", " ", " a un diabète"),
    "a town of many hyphens": ("one high street, ", "A-", "\x01"),
}
READ = """
from centaure.guardrails.checks import Context, scan
scan({text}, Context())
"""


@pytest.mark.parametrize("name", MADE)
def test_a_text_that_could_be_cut_in_many_ways_is_read(name: str) -> None:
    before, unit, after = MADE[name]
    times = (LONGEST - len(before) - len(after)) // len(unit)
    text = f"{before!r} + {unit!r} * {times} + {after!r}"
    subprocess.run([sys.executable, "-c", READ.format(text=text)], check=True, timeout=PATIENCE_S)
