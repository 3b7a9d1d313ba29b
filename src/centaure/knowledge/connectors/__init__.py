"""Places that documents come from, behind one port; each kind of place in a file of its own."""

from centaure.knowledge.connectors.copies import Fetched, copied
from centaure.knowledge.connectors.port import (
    Checkpoint,
    Connector,
    Gone,
    Item,
    ItemChanged,
    ItemGone,
    ItemTooLarge,
    ItemUnreadable,
    Options,
    PlaceAccess,
    PlaceGroup,
    PlaceUnavailable,
    Problem,
    TokenExpired,
)
from centaure.knowledge.connectors.registry import connector_class, kinds

__all__ = [
    "Checkpoint",
    "Connector",
    "Fetched",
    "Gone",
    "Item",
    "ItemChanged",
    "ItemGone",
    "ItemTooLarge",
    "ItemUnreadable",
    "Options",
    "PlaceAccess",
    "PlaceGroup",
    "PlaceUnavailable",
    "Problem",
    "TokenExpired",
    "connector_class",
    "copied",
    "kinds",
]
