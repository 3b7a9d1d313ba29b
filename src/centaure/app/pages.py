"""The built web interface: files with a hash in their name live for ever, the page itself never."""

from pathlib import Path

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from typing_extensions import override

BUILT = Path(__file__).parent / "interface"
NO_PAGES = frozenset({"api", "v1", "mcp", ".well-known"})
"""Where programs look: an address there that is none is not a page either."""
COMPRESSED = (("br", ".br"), ("gzip", ".gz"))
"""Forms of a file that stand beside it, by the name that browsers give them; the smaller first."""


def built_interface() -> Path | None:
    """The folder of the built interface, or None before `make ui`."""
    return BUILT if (BUILT / "index.html").is_file() else None


def serve_pages(api: FastAPI, folder: Path) -> None:
    """Serve the interface: its assets, and its one page for every other address."""
    api.mount("/assets", _Immutable(directory=folder / "assets"), name="assets")
    names = {path.name for path in folder.iterdir() if path.is_file()}

    @api.get("/{path:path}", include_in_schema=False, name="page")
    async def page(path: str) -> Response:
        if path.partition("/")[0] in NO_PAGES:
            raise HTTPException(404)
        name = path if path in names else "index.html"
        headers = {"cache-control": "no-cache"}
        return FileResponse(folder / name, headers=headers)


class _Immutable(StaticFiles):
    """Files that never change, in the smallest form that the build left beside them and the browser takes."""

    @override
    async def get_response(self, path: str, scope: Scope) -> Response:
        taken = {
            word.partition(";")[0].strip()
            for word in Headers(scope=scope).get("accept-encoding", "").split(",")
            if not word.replace(" ", "").endswith(";q=0")
        }
        encoding, suffix = next(
            (
                (name, ending)
                for name, ending in COMPRESSED
                if name in taken and self.lookup_path(path + ending)[1] is not None
            ),
            ("", ""),
        )
        response = await super().get_response(path + suffix, scope)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        response.headers["vary"] = "Accept-Encoding"
        if encoding:
            response.headers["content-encoding"] = encoding
        return response
