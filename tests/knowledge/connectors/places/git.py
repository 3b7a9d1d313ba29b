"""A branch of a repository: over HTTP from Git's own server, over SSH, and in a folder of this machine."""

import itertools
from contextlib import contextmanager

from pydantic import SecretStr

from centaure.knowledge.connectors.conformance import (
    BYTES,
    CHANGE,
    FEED,
    MOVE,
    REMOVE,
    VERSION,
    CannotHold,
    Place,
)
from centaure.knowledge.connectors.git.repository import GitOptions, GitRepository
from centaure.knowledge.connectors.names import is_ignored
from knowledge.connectors.servers.git import git, git_over_ssh_server, git_server

_NUMBERS = itertools.count()
_PASSWORD = "a-token-of-this-place"
_WRONG = "no-one-may-see-this-secret"


class GitPlace(Place):
    """A bare repository; each change of a check is a commit."""

    capabilities = frozenset({BYTES, CHANGE, REMOVE, MOVE, VERSION, FEED})
    secrets = (_PASSWORD, _WRONG)

    def __init__(self, root, work, cache, *, server=None):
        self.name = f"repository{next(_NUMBERS)}.git"
        self.bare = root / self.name
        self.work = work
        self.cache = cache
        self.server = server
        git(root, "init", "--bare", "-b", "main", self.name)
        work.mkdir()
        git(work, "init", "-b", "main")
        git(work, "remote", "add", "origin", str(self.bare))
        if server:
            server.password = _PASSWORD

    def made(self, *, location=None, **options):
        chosen = GitOptions(
            **{
                "cache": str(self.cache),
                "token": SecretStr(_PASSWORD if self.server else ""),
                **options,
            }
        )
        written = location or (
            f"{self.server.origin}/{self.name}" if self.server else str(self.bare)
        )
        return GitRepository.connect(GitRepository.normal_location(written, chosen), chosen)

    def connector(self):
        return self.made()

    def connector_with_wrong_credentials(self):
        return self.made(token=SecretStr(_WRONG)) if self.server else None

    def connector_to(self, host, port):
        return self.made(location=f"http://{host}:{port}/{self.name}") if self.server else None

    def push(self, words):
        git(self.work, "add", "--all")
        git(self.work, "commit", "--allow-empty", "-m", words)
        git(self.work, "push", "origin", "main")

    def put(self, path, content):
        if any(is_ignored(name) for name in path.split("/")):
            raise CannotHold
        file = self.work / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return path

    def write(self, path, content):
        self.put(path, content)
        self.push("Write")
        return path

    def write_all(self, contents):
        listed = [self.put(path, content) for path, content in contents.items()]
        self.push("Write all")
        return listed

    def remove(self, path):
        (self.work / path).unlink()
        self.push("Remove")

    def move(self, old, new):
        (self.work / new).parent.mkdir(parents=True, exist_ok=True)
        (self.work / old).rename(self.work / new)
        self.push("Move")
        return new


class GitOverSshPlace(GitPlace):
    """The same, over SSH with a key."""

    def __init__(self, server, work, cache):
        super().__init__(server.root, work, cache)
        self.ssh = server
        self.secrets = (server.private_key(),)

    def made(self, *, location=None, **options):
        port = self.ssh.port
        return super().made(
            location=location or f"ssh://{self.ssh.user}@127.0.0.1:{port}{self.bare}",
            **{
                "private_key": SecretStr(self.ssh.private_key()),
                "host_key": self.ssh.host_key(),
                **options,
            },
        )

    def connector_with_wrong_credentials(self):
        return self.made(private_key=SecretStr(""), token=SecretStr(_WRONG))

    def connector_to(self, host, port):
        return self.made(location=f"ssh://{self.ssh.user}@{host}:{port}{self.bare}")


@contextmanager
def git_over_ssh(started, tmp_path):
    yield GitOverSshPlace(started(git_over_ssh_server), tmp_path / "work", tmp_path / "cache")


@contextmanager
def git_over_http(started, tmp_path):
    server = started(git_server)
    try:
        yield GitPlace(server.root, tmp_path / "work", tmp_path / "cache", server=server)
    finally:
        server.password = ""


@contextmanager
def git_in_a_folder(started, tmp_path):
    _ = started
    yield GitPlace(tmp_path, tmp_path / "work", tmp_path / "cache")


PLACES = {"git-http": git_over_http, "git-ssh": git_over_ssh, "git-folder": git_in_a_folder}
