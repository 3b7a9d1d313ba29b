"""`centaure doctor`: what works on this machine, and the line that mends what does not."""

import shutil
import subprocess
from collections.abc import Callable

import typer

from centaure.app.cli.output import ATTENTION, AsJson, print_json, print_table
from centaure.app.installation import open_installation
from centaure.kit.errors import CentaureError
from centaure.kit.settings import load_settings

INSTALL_OCR = "apt-get install tesseract-ocr tesseract-ocr-fra"


def add_to(app: typer.Typer) -> None:
    """Put this command at the top level."""
    app.command("doctor")(doctor)


def doctor(*, as_json: AsJson = False) -> None:
    """Check what Centaure needs on this machine."""
    checks: dict[str, Callable[[], str]] = {
        "data folder": _data_folder,
        "database": _database,
        "reading of scans": _ocr,
        "web page": _page,
    }
    rows: list[tuple[str, bool, str]] = []
    for name, check in checks.items():
        try:
            rows.append((name, True, check()))
        except CentaureError as error:
            rows.append((name, False, error.message))
        except _Missing as missing:
            rows.append((name, False, str(missing)))
    if as_json:
        print_json([{"check": name, "ok": ok, "detail": detail} for name, ok, detail in rows])
    else:
        print_table(
            ("", "check", ""), [("ok" if ok else "NO", name, detail) for name, ok, detail in rows]
        )
    if not all(ok for _, ok, _ in rows):
        raise typer.Exit(ATTENTION)


class _Missing(Exception):
    """Something optional is not there; the message says how to get it."""


def _data_folder() -> str:
    settings = load_settings()
    _ = settings.secret
    return str(settings.home)


def _database() -> str:
    with open_installation() as installation:
        kind = "embedded" if installation.settings.database_url is None else "external"
        return f"{kind} PostgreSQL, revision {installation.schema.state().found}"


def _ocr() -> str:
    program = shutil.which("tesseract")
    if program is None:
        raise _Missing(f"tesseract is not installed; scans wait until it is: {INSTALL_OCR}")
    done = subprocess.run(  # noqa: S603 - the program just found
        [program, "--list-langs"], capture_output=True, text=True, timeout=20, check=False
    )
    missing = {"fra", "eng"} - set(done.stdout.split())
    if missing:
        raise _Missing(f"tesseract lacks {', '.join(sorted(missing))}: {INSTALL_OCR}")
    return "tesseract, French and English"


def _page() -> str:
    from centaure.app.pages import built_interface  # noqa: PLC0415 - brings FastAPI

    folder = built_interface()
    if folder is None:
        raise _Missing("the page is not built: make ui")
    return "built"
