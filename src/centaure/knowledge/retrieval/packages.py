"""Packages that only some models need, imported when one is used."""

import importlib
from typing import Any

from centaure.kit.errors import Unavailable


def package(name: str) -> Any:
    """A package of the extra `onnx`, imported now.

    Raises:
        Unavailable: it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Unavailable(
            "Models in this process need packages that are not installed: "
            "`.venv/bin/pip install -e '.[onnx]'` in Centaure's folder installs them."
        ) from None
