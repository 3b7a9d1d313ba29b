"""A folder that changes while it is listed."""

from pathlib import Path

import pytest

from centaure.knowledge.connectors.files.folder import FolderConnector
from centaure.knowledge.connectors.port import Item, Problem


@pytest.mark.parametrize("reports_access", [False, True])
def test_a_folder_that_becomes_a_link_meanwhile_is_not_followed(
    tmp_path: Path, reports_access: bool
) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "swapped").mkdir(parents=True)
    (root / "first.txt").write_text("words")
    (root / "swapped" / "inner.txt").write_text("words")
    outside.mkdir()
    (outside / "secret.txt").write_text("a secret")
    listing = FolderConnector(root, reports_access=reports_access).items()
    first = next(listing)
    (root / "swapped").rename(tmp_path / "away")
    (root / "swapped").symlink_to(outside)
    rest = list(listing)
    assert first.path == "first.txt"  # type: ignore[union-attr]
    assert [entry.path for entry in rest if isinstance(entry, Item)] == []
    (problem,) = rest
    assert isinstance(problem, Problem)
    assert (problem.path, problem.status, problem.holds_below) == ("swapped", "ignored", False)
    assert "link" in problem.reason


def test_no_descriptor_is_left_of_a_listing_broken_off(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / "a" / "b" / "c").mkdir(parents=True, exist_ok=True)
        (tmp_path / "a" / "b" / "c" / f"{number}.txt").write_text("words")
    before = len(list(Path("/proc/self/fd").iterdir()))
    listing = FolderConnector(tmp_path, reports_access=True).items()
    next(iter(listing))
    listing.close()  # type: ignore[attr-defined]
    assert len(list(Path("/proc/self/fd").iterdir())) == before
