"""Git's own servers: `git http-backend` behind a WSGI server, and `git upload-pack` behind OpenSSH."""

import base64
import os
import shutil
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cheroot.wsgi import Server

from knowledge.connectors.servers import sftp

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
}


def git(folder, *words, content=None):
    """Run Git in a folder; gives what it prints."""
    program = shutil.which("git")
    if program is None:
        pytest.skip("needs git: apt-get install --no-install-recommends git")
    done = subprocess.run(
        [program, *words],
        cwd=folder,
        env=ENVIRONMENT,
        input=content,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class GitServer:
    """Serves the repositories below `root`; with a password only to who gives it."""

    def __init__(self, root):
        self.root = root
        self.password = ""
        self.asked = []
        self.port = 0

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.port}"

    def __call__(self, environ, start_response):
        self.asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        given = environ.get("HTTP_AUTHORIZATION", "")
        wanted = "Basic " + base64.b64encode(f"git:{self.password}".encode()).decode()
        if self.password and given != wanted:
            start_response(
                "401 Unauthorized", [("WWW-Authenticate", "Basic"), ("Content-Length", "0")]
            )
            return [b""]
        passed = {
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": environ["REQUEST_METHOD"],
            "PATH_INFO": environ["PATH_INFO"],
            "QUERY_STRING": environ.get("QUERY_STRING", ""),
            "CONTENT_TYPE": environ.get("CONTENT_TYPE", ""),
            "HTTP_CONTENT_ENCODING": environ.get("HTTP_CONTENT_ENCODING", ""),
            "GIT_PROTOCOL": environ.get("HTTP_GIT_PROTOCOL", ""),
            "REMOTE_ADDR": "127.0.0.1",
        }
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        done = subprocess.run(
            ["git", "-c", "safe.directory=*", "http-backend"],
            env=ENVIRONMENT | passed,
            input=body,
            capture_output=True,
            timeout=60,
            check=True,
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = [tuple(line.split(": ", 1)) for line in head.decode().split("\r\n")]
        status = next((value for name, value in headers if name == "Status"), "200 OK")
        kept = [(name, value) for name, value in headers if name != "Status"]
        start_response(status, [*kept, ("Content-Length", str(len(content)))])
        return [content]


@contextmanager
def git_server():
    git("/", "--version")
    with TemporaryDirectory(prefix="centaure-git-tests-") as name:
        application = GitServer(Path(name))
        server = Server(("127.0.0.1", 0), application, numthreads=4, shutdown_timeout=2)
        server.prepare()
        application.port = server.bind_addr[1]
        thread = threading.Thread(target=server.serve)
        thread.start()
        try:
            yield application
        finally:
            server.stop()
            thread.join(10)


@contextmanager
def git_over_ssh_server():
    """Whoever signs in may run a command, which for Git is `git-upload-pack`."""
    git("/", "--version")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sftp, "_CONFIG", sftp._CONFIG.replace("ForceCommand internal-sftp\n", ""))
        with sftp.sftp_server() as server:
            yield server
