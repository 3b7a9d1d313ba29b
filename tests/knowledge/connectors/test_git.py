"""A repository: what is in it and no document, and what it must never make Centaure do."""

import os
import stat
from contextlib import closing

import pytest
from pydantic import SecretStr

from centaure.kit.errors import InvalidInput
from centaure.knowledge.connectors.conformance import fetched, listing
from centaure.knowledge.connectors.git import repository as repositories
from centaure.knowledge.connectors.git.repository import GitOptions, GitRepository
from centaure.knowledge.connectors.port import (
    Checkpoint,
    Gone,
    Item,
    ItemGone,
    ItemTooLarge,
    ItemUnreadable,
    PlaceUnavailable,
    Problem,
    TokenExpired,
)
from centaure.knowledge.parsing.limits import Limits
from knowledge.connectors.places.git import GitOverSshPlace, GitPlace
from knowledge.connectors.servers.git import git, git_over_ssh_server, git_server

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr("centaure.kit.outbound._backoff", lambda _: 0.01)


@pytest.fixture(params=["http", "folder"])
def place(request, started, tmp_path):
    if request.param == "folder":
        yield GitPlace(tmp_path, tmp_path / "work", tmp_path / "cache")
        return
    server = started(git_server)
    server.asked.clear()
    yield GitPlace(server.root, tmp_path / "work", tmp_path / "cache", server=server)
    server.password = ""


def entries(connector, since=None):
    found = list(connector.items(since))
    return {entry.path: entry for entry in found if not isinstance(entry, Checkpoint)}, found[-1]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("https://Example.org:443/team/project.git/", "https://example.org/team/project.git"),
        ("git@example.org:team/project.git", "ssh://git@example.org/team/project.git"),
        ("ssh://git@example.org:22/project", "ssh://git@example.org/project"),
        ("http://example.org/project", "http://example.org/project"),
        ("file:///srv/git/project%20one.git", "/srv/git/project one.git"),
        ("/srv/git/../git/project.git", "/srv/git/project.git"),
    ],
)
def test_a_location_has_one_form(written, normal):
    assert GitRepository.normal_location(written, GitOptions()) == normal
    assert GitRepository.normal_location(normal, GitOptions()) == normal


@pytest.mark.parametrize(
    "written",
    [
        "project",
        "ext::sh -c touch% /tmp/x",
        "https://ada:secret@example.org/project",
        "https://ada@example.org/project",
        "ssh://-oProxyCommand=x/project",
        "https://example.org/",
        "https://example.org/a/../../b",
        "https://example.org/a?b",
        "file://elsewhere/x",
        "https://[::1/x",
    ],
)
def test_what_is_no_location_is_refused_in_words(written):
    with pytest.raises(InvalidInput) as refused:
        GitRepository.normal_location(written, GitOptions())
    assert "secret" not in refused.value.message


@pytest.mark.parametrize("branch", ["../main", "a..b", "/x", "a b", "x.lock", "a\nb", "x/"])
def test_a_branch_has_the_name_of_a_branch(branch):
    with pytest.raises(InvalidInput):
        GitRepository.normal_location("/srv/project", GitOptions(branch=branch))


def test_a_token_is_never_sent_in_the_clear():
    options = GitOptions(token=SecretStr("secret"))
    with pytest.raises(InvalidInput, match="https"):
        GitRepository.normal_location("http://example.org/project", options)


def test_links_submodules_and_hidden_files_are_no_documents(place):
    place.put("docs/real.md", b"# Real")
    (place.work / "docs" / "link.md").symlink_to("/etc/passwd")
    (place.work / "docs" / ".hidden.md").write_bytes(b"Hidden.")
    git(place.work, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    git(place.work, "add", "docs")
    git(place.work, "commit", "-m", "All kinds")
    git(place.work, "push", "origin", "main")
    with closing(place.connector()) as connector:
        found, _ = entries(connector)
        assert isinstance(found["docs/real.md"], Item)
        assert {path: each.status for path, each in found.items() if isinstance(each, Problem)} == {
            "docs/link.md": "ignored",
            "module": "ignored",
        }
        assert set(found) == {"docs/real.md", "docs/link.md", "module"}
        for path in ("docs/link.md", "module", "docs/.hidden.md", "docs", ".git/config"):
            with pytest.raises(ItemGone), connector.fetch(path):
                pass


def test_pointers_to_large_files_say_so(place):
    path = place.write("film.pdf", POINTER)
    with (
        closing(place.connector()) as connector,
        pytest.raises(ItemUnreadable, match="LFS"),
        connector.fetch(path),
    ):
        pass


def raw_tree(place, *entries_):
    """A tree written byte by byte: (mode, name, id)."""
    content = b"".join(
        mode + b" " + name + b"\0" + bytes.fromhex(id_) for mode, name, id_ in entries_
    )
    made = git(
        place.bare, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", content=content
    )
    return made.strip().decode()


def blob(place, content):
    return git(place.bare, "hash-object", "-w", "--stdin", content=content).strip().decode()


def set_head(place, tree):
    commit = git(place.bare, "commit-tree", tree, "-m", "odd").strip().decode()
    git(place.bare, "update-ref", "refs/heads/main", commit)


def test_hostile_names_are_problems_and_lead_nowhere(place, tmp_path):
    some = blob(place, b"Some text.")
    inner = raw_tree(place, (b"100644", b"escaped.txt", some))
    names = [
        (b"40000", b"..", inner),
        (b"100644", b"../../climb.txt", some),
        (b"40000", b".git", inner),
        (b"100644", b"good.txt", some),
        (b"100644", b"latin\xe9.txt", some),
        (b"100644", b"n" * 3000, some),
    ]
    set_head(place, raw_tree(place, *names))
    with closing(place.connector()) as connector:
        found, _ = entries(connector)
        items = [path for path, entry in found.items() if isinstance(entry, Item)]
        assert items == ["good.txt"]
        assert all(
            entry.status == "unreadable" for entry in found.values() if isinstance(entry, Problem)
        )
        assert fetched(connector, "good.txt") == b"Some text."
    assert not list(tmp_path.rglob("climb.txt"))
    assert not list(tmp_path.rglob("escaped.txt"))


def test_a_folder_of_folders_without_end_is_given_up(place):
    tree = raw_tree(place, (b"100644", b"f.txt", blob(place, b"x")))
    for _ in range(40):
        tree = raw_tree(place, (b"40000", b"a", tree), (b"40000", b"b", tree))
    set_head(place, tree)
    with (
        closing(place.made(most_files=1000)) as connector,
        pytest.raises(PlaceUnavailable, match="most_files"),
    ):
        list(connector.items())


def test_only_the_files_of_the_patterns_are_listed(place):
    place.write_all({"docs/a.md": b"a", "docs/deep/b.txt": b"b", "code/c.md": b"c", "d.txt": b"d"})
    with closing(place.made(paths="docs/, *.md")) as connector:
        assert {item.path for item in listing(connector)} == {
            "docs/a.md",
            "docs/deep/b.txt",
            "code/c.md",
        }
        with pytest.raises(ItemGone), connector.fetch("d.txt"):
            pass


def test_a_branch_is_read_by_its_name(place):
    place.write("main.txt", b"Of main.")
    git(place.work, "checkout", "-b", "feature/two")
    place.put("two.txt", b"Of two.")
    git(place.work, "add", "--all")
    git(place.work, "commit", "-m", "Two")
    git(place.work, "push", "origin", "feature/two")
    with closing(place.made(branch="feature/two")) as connector:
        assert {item.path for item in listing(connector)} == {"main.txt", "two.txt"}
    with closing(place.connector()) as connector:
        assert {item.path for item in listing(connector)} == {"main.txt"}
    with (
        closing(place.made(branch="nowhere")) as connector,
        pytest.raises(PlaceUnavailable, match="nowhere"),
    ):
        connector.check()


def test_a_feed_tells_of_whole_folders_and_of_what_became_something_else(place):
    place.write_all({"a/one.txt": b"1", "a/two.txt": b"2", "b.txt": b"b", "c": b"c"})
    with closing(place.connector()) as connector:
        _, checkpoint = entries(connector)
        for path in ("a/one.txt", "a/two.txt", "b.txt", "c"):
            (place.work / path).unlink()
        (place.work / "a").rmdir()
        (place.work / "b.txt").symlink_to("nowhere")
        place.put("c/inside.txt", b"In a folder now.")
        place.push("Turn things over")
        found = list(connector.items(checkpoint.token))
        gone = {entry.path for entry in found if isinstance(entry, Gone)}
        assert gone == {"a/one.txt", "a/two.txt", "b.txt", "c"}
        assert {entry.path for entry in found if isinstance(entry, Item)} == {"c/inside.txt"}
        assert {entry.path for entry in found if isinstance(entry, Problem)} == {"b.txt"}


def test_a_history_that_was_rewritten_is_compared_or_listed_again(place):
    place.write("kept.txt", b"Kept.")
    place.write("secret.txt", b"Should not have been here.")
    with closing(place.connector()) as connector:
        _, checkpoint = entries(connector)
        git(place.work, "reset", "--hard", "HEAD~1")
        git(place.work, "push", "--force", "origin", "main")
        found = list(connector.items(checkpoint.token))
        assert [entry.path for entry in found if isinstance(entry, Gone)] == ["secret.txt"]
        unknown = f"{'1' * 40}.{checkpoint.token.partition('.')[2]}"
        with pytest.raises(TokenExpired):
            list(connector.items(unknown))
    with closing(place.made(paths="*.md")) as other, pytest.raises(TokenExpired):
        list(other.items(checkpoint.token))


def test_a_packed_history_of_deltas_is_read_exactly(place):
    lines = [f"Line {number} of a long report.\n".encode() for number in range(5000)]
    for number in range(6):
        lines[number * 100] = f"Changed {number}.\n".encode()
        place.write("report.txt", b"".join(lines))
    git(place.bare, "repack", "-a", "-d", "-f", "--depth=50")
    with closing(place.connector()) as connector:
        (item,) = listing(connector)
        assert item.size == len(b"".join(lines))
        assert fetched(connector, "report.txt") == b"".join(lines)


def test_a_file_that_is_too_large_is_not_unpacked(place, monkeypatch):
    monkeypatch.setattr(repositories, "DEFAULT_LIMITS", Limits(file_bytes=1000))
    place.write("large.txt", b"x" * 100_000)
    git(place.bare, "repack", "-a", "-d")
    with closing(place.connector()) as connector:
        (item,) = listing(connector)
        assert item.size == 100_000
        with pytest.raises(ItemTooLarge), connector.fetch("large.txt"):
            pass


def test_nothing_of_the_repository_is_run(place, tmp_path):
    proof = tmp_path / "proof"
    for hook in ("post-checkout", "post-merge", "pre-receive", "update", "reference-transaction"):
        file = place.bare / "hooks" / hook
        file.write_text(f"#!/bin/sh\necho {hook} >> {proof}\n")
        file.chmod(0o755)
    (place.work / ".gitattributes").write_text("*.txt filter=evil diff=evil\n")
    (place.work / ".gitmodules").write_text('[submodule "x"]\n\tpath = x\n\turl = ext::touch x\n')
    place.write("file.txt", b"A text.")
    proof.unlink(missing_ok=True)
    with closing(place.connector()) as connector:
        assert [item.path for item in listing(connector)] == ["file.txt"]
        fetched(connector, "file.txt")
    assert not proof.exists()


def test_a_repository_that_borrows_objects_is_refused(tmp_path):
    place = GitPlace(tmp_path, tmp_path / "work", tmp_path / "cache")
    place.write("file.txt", b"A text.")
    git(tmp_path, "clone", "--shared", "--bare", str(place.bare), "borrowing.git")
    git(place.work, "worktree", "add", str(tmp_path / "tree"))
    for path in (tmp_path / "borrowing.git", tmp_path / "tree"):
        with (
            closing(place.made(location=str(path))) as connector,
            pytest.raises(PlaceUnavailable, match="another folder"),
        ):
            connector.check()
    with closing(place.made(location=str(place.work))) as connector:
        assert [item.path for item in listing(connector)] == ["file.txt"]
    with (
        closing(place.made(location=str(tmp_path / "missing"))) as connector,
        pytest.raises(PlaceUnavailable, match="no Git repository"),
    ):
        connector.check()


@pytest.fixture
def served(started, tmp_path):
    server = started(git_server)
    server.asked.clear()
    yield GitPlace(server.root, tmp_path / "work", tmp_path / "cache", server=server)
    server.password = ""


def test_only_what_is_new_is_fetched(served):
    served.write("large.bin", os.urandom(3_000_000))
    with closing(served.connector()) as connector:
        listing(connector)
        served.write("small.txt", b"Small.")
        before = sum(file.stat().st_size for file in served.cache.rglob("*.pack"))
        listing(connector)
        after = sum(file.stat().st_size for file in served.cache.rglob("*.pack"))
        assert before > 3_000_000
        assert after - before < 100_000
        served.server.asked.clear()
        listing(connector)
        assert not [path for _, path in served.server.asked if path.endswith("upload-pack")][1:]


def test_a_copy_of_many_pieces_is_made_anew(served, monkeypatch):
    monkeypatch.setattr(repositories, "_MOST_PACKS", 2)
    with closing(served.connector()) as connector:
        for number in range(5):
            served.write(f"file{number}.txt", f"Text {number}.".encode())
            assert len(listing(connector)) == number + 1
            assert fetched(connector, f"file{number}.txt") == f"Text {number}.".encode()
    assert len(list(served.cache.rglob("*.pack"))) <= 3


def test_the_copy_is_for_nobody_else(served):
    served.write("file.txt", b"A text.")
    with closing(served.connector()) as connector:
        listing(connector)
    assert stat.S_IMODE(served.cache.stat().st_mode) == 0o700
    served.cache.chmod(0o777)
    with (
        closing(served.connector()) as connector,
        pytest.raises(PlaceUnavailable, match="written by others"),
    ):
        connector.check()


def test_a_file_is_fetched_without_a_listing(served):
    path = served.write("file.txt", b"A text.")
    for _ in range(2):
        with closing(served.connector()) as connector:
            assert fetched(connector, path) == b"A text."


def test_too_large_a_repository_is_given_up(served):
    served.write("large.bin", os.urandom(3_000_000))
    with (
        closing(served.made(most_megabytes=1)) as connector,
        pytest.raises(PlaceUnavailable, match="most_megabytes"),
    ):
        connector.check()


def test_what_is_too_large_to_be_read_is_left_on_the_server(served, monkeypatch):
    monkeypatch.setattr(repositories, "DEFAULT_LIMITS", Limits(file_bytes=100_000))
    git(served.bare, "config", "uploadpack.allowFilter", "true")
    served.write_all({"large.bin": os.urandom(3_000_000), "small.txt": b"Small."})
    with closing(served.connector()) as connector:
        found, checkpoint = entries(connector)
        assert isinstance(found["large.bin"], Problem)
        assert isinstance(found["small.txt"], Item)
        served.write("more.txt", b"More.")
        changed, _ = entries(connector, checkpoint.token)
        assert set(changed) == {"more.txt"}
        assert fetched(connector, "more.txt") == b"More."
    assert sum(file.stat().st_size for file in served.cache.rglob("*.pack")) < 100_000


def test_what_is_no_repository_is_said(served):
    location = f"{served.server.origin}/nothing.git"
    with (
        closing(served.made(location=location)) as connector,
        pytest.raises(PlaceUnavailable, match="no repository") as refused,
    ):
        connector.check()
    assert not any(secret in refused.value.message for secret in served.secrets)


def test_a_server_that_is_not_the_known_one_gets_nothing(started, tmp_path):
    server = started(git_over_ssh_server)
    place = GitOverSshPlace(server, tmp_path / "work", tmp_path / "cache")
    place.write("file.txt", b"A text.")
    other = server.host_key("rsa").split()[0] + " " + server.host_key().split()[1]
    for host_key in ("", other):
        with (
            closing(place.made(host_key=host_key)) as connector,
            pytest.raises(PlaceUnavailable, match="host key"),
        ):
            connector.check()
