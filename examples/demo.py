"""What `make demo` runs: the sample company loaded, one question as two people, then the web page.

Everything it makes, accounts included, is in CENTAURE_HOME, which `make demo` sets to a folder of its own.
"""

import asyncio
import json
import os
import secrets
import signal
import sys
from pathlib import Path

import yaml

# The demonstration never touches another installation, whatever the environment says of one.
for variable in ("CENTAURE_DATABASE_URL", "CENTAURE_SECRET_KEY", "CENTAURE_PUBLIC_URL"):
    os.environ.pop(variable, None)

from centaure.app.cli import make_app
from centaure.app.installation import Installation, open_installation
from centaure.identity import Role, service
from centaure.kit.errors import CentaureError, Conflict

COMPANY = Path(__file__).parent / "company"
SOURCE = "company"
ROLES = {
    "marc.tessandier": {Role.READER, Role.CURATOR},
    "sylvie.arnoult": {Role.READER, Role.ADMINISTRATOR, Role.AUDITOR},
}
SEES = {
    "lea.fontanier": "maintenance: policies, procedures of production",
    "hugo.vasseret": "workshop manager: what managers read, and another answer",
    "marc.tessandier": "finance; curator: sees the sources and their ledger",
    "sylvie.arnoult": "human resources; administrator: manages accounts, reads no more for it",
    "oscar.delmas": "an outside contractor: three public documents",
}


def say(words: str = "") -> None:
    """A line of the demonstration."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def run(*words: str) -> None:
    """One command, as a person would type it."""
    shown = " ".join(f'"{word}"' if " " in word else word for word in words)
    say(f"\n$ centaure {shown}")
    make_app(words[0])(list(words), standalone_mode=False)


def load() -> None:
    """Add the sample company's folder, once, and bring the documents in step with it."""
    try:
        run(
            "source", "add", "folder", str(COMPANY / "documents"),
            "--name", SOURCE, "--rights", str(COMPANY / "rights.yaml"),
        )  # fmt: skip
    except Conflict:
        say("(the folder is there already)")
    run("source", "sync", "--wait")


def accounts(installation: Installation) -> dict[str, str]:
    """Demo passwords by login, made at the first run and kept beside the data."""
    kept = installation.settings.home / "accounts.json"
    if kept.exists():
        return json.loads(kept.read_text())
    passwords = {login: "-".join(secrets.token_hex(2) for _ in range(4)) for login in SEES}

    async def give() -> None:
        owner = installation.database("owner")
        for login, password in passwords.items():
            await service.set_password(owner, login, password)
            if login in ROLES:
                async with owner.write(None) as session:
                    await service.set_roles(session, login, ROLES[login])
        await owner.close()

    asyncio.run(give())
    descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(passwords, file, indent=1)
    return passwords


def ask_as_two() -> None:
    """The same question, asked by two people who may read different things."""
    first = yaml.safe_load((COMPANY / "questions.yaml").read_text())["questions"][0]
    for expected in first["expect"]:
        run("ask", "--as", expected["user"], first["question"])


def demonstrate() -> None:
    """The whole demonstration, up to the page."""
    with open_installation() as installation:
        load()
        passwords = accounts(installation)
        ask_as_two()
        say(f"\nAccounts of the demonstration, at {installation.settings.address}:\n")
        for login, password in passwords.items():
            say(f"  {login:<18} {password:<22} {SEES[login]}")
        say()
        run("serve")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # `make stop`: how a demonstration ends
    try:
        demonstrate()
    except CentaureError as error:
        sys.stderr.write(f"{error.message}\n")
        sys.exit(error.exit_code)
