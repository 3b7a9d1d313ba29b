"""Every connector keeps the promises of the port, against a real server of its kind.

A file of `places/` brings one or several: `PLACES` maps a name to a context manager function, called as
`PLACES[name](started, tmp_path)`, that gives an empty `Place`; `started` is described in conftest.py.
"""

import importlib
import pkgutil
from pathlib import Path

import pytest

from centaure.knowledge.connectors.conformance import CHECKS


def _places():
    found = {}
    for module in pkgutil.iter_modules([str(Path(__file__).with_name("places"))]):
        places = importlib.import_module(f"knowledge.connectors.places.{module.name}").PLACES
        assert not found.keys() & places.keys(), f"{module.name} brings a name that is taken."
        found |= places
    return found


PLACES = _places()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """Between its attempts a request waits for longer than a test should; how often it tries stays."""
    monkeypatch.setattr("centaure.kit.outbound._backoff", lambda _: 0.01)


@pytest.mark.parametrize("name", sorted(PLACES))
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.removeprefix("check_"))
def test_conformance(check, name, started, tmp_path):
    with PLACES[name](started, tmp_path) as place:
        check(place)
