"""The conformance tests see what they are for: a connector that breaks a promise does not pass."""
# ruff: noqa: ARG002 - a broken connector does not look at what it is asked

import dataclasses
from contextlib import contextmanager

import pytest

from centaure.knowledge.connectors import conformance
from centaure.knowledge.connectors.conformance import ACCESS, FEED, GROUPS
from centaure.knowledge.connectors.copies import copied
from centaure.knowledge.connectors.files.folder import FolderConnector
from centaure.knowledge.connectors.port import (
    Checkpoint,
    Item,
    Options,
    PlaceAccess,
    PlaceUnavailable,
)
from knowledge.connectors.places.folder import FolderPlace


class Forgets(FolderConnector):
    def items(self, since=None):
        yield from list(super().items(since))[:-1]


class Repeats(FolderConnector):
    def items(self, since=None):
        for item in super().items(since):
            yield from (item, item)


class Normalises(FolderConnector):
    def items(self, since=None):
        for item in super().items(since):
            yield dataclasses.replace(item, path=item.path.strip().replace("%20", " "))


class LiesAboutSize(FolderConnector):
    def items(self, since=None):
        for item in super().items(since):
            yield dataclasses.replace(item, size=item.size + 1)


class NeverChanges(FolderConnector):
    def items(self, since=None):
        for item in super().items(since):
            yield dataclasses.replace(item, version="1")


class ChangesByItself(FolderConnector):
    count = 0

    def items(self, since=None):
        ChangesByItself.count += 1
        for item in super().items(since):
            yield dataclasses.replace(item, version=str(self.count))


class KnowsNothingAgain(FolderConnector):
    def items(self, since=None):
        for item in super().items(since):
            yield dataclasses.replace(item, identity=item.path)


class Climbs(FolderConnector):
    @contextmanager
    def fetch(self, path):
        with copied("anything", [b"from anywhere"]) as file:
            yield file


class Swaps(FolderConnector):
    @contextmanager
    def fetch(self, path):
        with super().fetch(path) as file, copied(path.rpartition("/")[2], [b"other"]) as other:
            _ = file
            yield other


class OpensToAll(FolderConnector):
    reports_access = True

    def items(self, since=None):
        for item in super().items(since):
            yield dataclasses.replace(item, access=PlaceAccess((frozenset({"*"}),)))


class ForgetsGroups(FolderConnector):
    reports_access = True

    def items(self, since=None):
        for item in super().items(since):
            yield dataclasses.replace(item, access=PlaceAccess((frozenset({"group:1"}),)))


class TakesAnyToken(FolderConnector):
    has_feed = True

    def items(self, since=None):
        yield from super().items()
        yield Checkpoint("1")


class EndsAsIfWhole(FolderConnector):
    def check(self):
        raise PlaceUnavailable("It is not there.")

    def items(self, since=None):
        return iter(())


class ShowsSecrets(FolderConnector):
    def check(self):
        raise PlaceUnavailable("The password the-secret-word is wrong.")

    def items(self, since=None):
        self.check()
        yield Item("never")


class BrokenPlace(FolderPlace):
    secrets = ("the-secret-word",)

    def __init__(self, root, broken, more):
        super().__init__(root)
        self.broken = broken
        self.capabilities = FolderPlace.capabilities | more

    def connector(self):
        options = Options()
        return self.broken.connect(
            FolderConnector.normal_location(str(self._root), options), options
        )

    def connector_with_wrong_credentials(self):
        return self.connector() if self.broken in {EndsAsIfWhole, ShowsSecrets} else None

    def allow(self, path, logins):
        """It is said to be done."""

    def close_all(self, path):
        """It is said to be done."""

    def allow_group(self, path, group, logins, scope=0):
        """It is said to be done."""


@pytest.mark.parametrize(
    ("broken", "check"),
    [
        (Forgets, conformance.check_many_are_listed_once),
        (Repeats, conformance.check_folders_come_back),
        (Normalises, conformance.check_names_come_back),
        (LiesAboutSize, conformance.check_bytes_are_exact),
        (NeverChanges, conformance.check_changed_bytes_change_the_version),
        (ChangesByItself, conformance.check_second_listing_is_equal),
        (KnowsNothingAgain, conformance.check_move_keeps_the_identity),
        (Climbs, conformance.check_fetch_never_climbs),
        (Climbs, conformance.check_removed_is_gone),
        (Swaps, conformance.check_fetches_beside_each_other),
        (OpensToAll, conformance.check_rights_are_the_places_own),
        (ForgetsGroups, conformance.check_groups_are_resolved),
        (TakesAnyToken, conformance.check_bad_token_is_expired),
        (TakesAnyToken, conformance.check_feed_tells_what_changed),
        (EndsAsIfWhole, conformance.check_wrong_credentials_are_refused),
        (ShowsSecrets, conformance.check_wrong_credentials_are_refused),
    ],
)
def test_a_broken_promise_is_seen(broken, check, tmp_path):
    with pytest.raises(AssertionError):
        check(BrokenPlace(tmp_path, broken, {ACCESS, GROUPS, FEED}))


def test_a_check_that_is_not_claimed_leaves_at_once(tmp_path):
    place = BrokenPlace(tmp_path, Climbs, set())
    conformance.check_rights_are_the_places_own(place)
    conformance.check_feed_tells_what_changed(place)
