"""A folder that changes while it is listed."""

from pathlib import Path

import pytest

from centaure.knowledge.connectors.files.folder import FolderConnector, FolderOptions
from centaure.knowledge.connectors.port import Item, PlaceUnavailable, Problem


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


@pytest.mark.parametrize("swapped", ["added", "above"])
def test_a_link_in_the_path_of_the_folder_itself_is_not_followed(
    tmp_path: Path, swapped: str
) -> None:
    for place in ("above/added", "aside", "outside/added"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "note.txt").write_text("words of another place")
    root = tmp_path / "above" / "added"
    connector = FolderConnector(root)
    if swapped == "added":
        root.rename(tmp_path / "away")
        root.symlink_to(tmp_path / "aside")
    else:
        root.parent.rename(tmp_path / "away")
        root.parent.symlink_to(tmp_path / "outside")
    assert (root / "note.txt").is_file()
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(PlaceUnavailable, match="link"):
        connector.check()
    with pytest.raises(PlaceUnavailable, match="link"):
        list(connector.items())
    with pytest.raises(PlaceUnavailable, match="link"), connector.fetch("note.txt"):
        pass
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_folder_that_becomes_a_link_while_it_is_listed_ends_the_listing(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    for place in (root, outside):
        (place / "inner").mkdir(parents=True)
        (place / "inner" / "note.txt").write_text("words")
    (root / "first.txt").write_text("words")
    listing = FolderConnector(root).items()
    next(listing)
    root.rename(tmp_path / "away")
    root.symlink_to(outside)
    with pytest.raises(PlaceUnavailable):
        list(listing)


def test_a_folder_named_through_a_link_is_the_one_that_it_leads_to(tmp_path: Path) -> None:
    root = tmp_path / "real" / "root"
    root.mkdir(parents=True)
    (root / "note.txt").write_text("words")
    (tmp_path / "short").symlink_to(tmp_path / "real")
    told = FolderOptions()
    location = FolderConnector.normal_location(str(tmp_path / "short" / "root"), told)
    assert location == str(root)
    assert [one.path for one in FolderConnector.connect(location, told).items()] == ["note.txt"]


def test_folders_above_need_not_be_listed(tmp_path: Path) -> None:
    root = tmp_path / "above" / "root"
    root.mkdir(parents=True)
    (root / "note.txt").write_text("words")
    root.parent.chmod(0o111)
    try:
        assert len(list(FolderConnector(root).items())) == 1
    finally:
        root.parent.chmod(0o755)


def test_no_descriptor_is_left_of_a_listing_broken_off(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / "a" / "b" / "c").mkdir(parents=True, exist_ok=True)
        (tmp_path / "a" / "b" / "c" / f"{number}.txt").write_text("words")
    before = len(list(Path("/proc/self/fd").iterdir()))
    listing = FolderConnector(tmp_path, reports_access=True).items()
    next(iter(listing))
    listing.close()  # type: ignore[attr-defined]
    assert len(list(Path("/proc/self/fd").iterdir())) == before
