"""How much it tells that a text says one class of a mark where the source says another."""

MODAL = {
    ("obligation", "permission"): 1.0, ("permission", "obligation"): 0.8,
    ("obligation", "possibility"): 1.0, ("possibility", "obligation"): 1.0,
    ("obligation", "recommendation"): 1.0, ("recommendation", "obligation"): 1.0,
    ("obligation", "optional"): 1.0, ("optional", "obligation"): 1.0, ("optional", ""): 0.8,
    ("optional", "future"): 1.0, ("", "optional"): 0.6, ("future", "optional"): 0.8,
    ("recommendation", "forbidden"): 1.0, ("forbidden", "recommendation"): 1.0,
    ("permission", "forbidden"): 0.9, ("forbidden", "permission"): 0.9,
    ("obligation", "forbidden"): 0.5, ("forbidden", "obligation"): 0.5,
    ("future", "possibility"): 1.0, ("", "possibility"): 1.0,
    ("possibility", ""): 0.8, ("possibility", "future"): 1.0,
    ("future", "permission"): 0.6, ("", "permission"): 0.6, ("permission", ""): 0.6,
    ("permission", "future"): 0.6, ("recommendation", ""): 0.8, ("", "recommendation"): 0.7,
    ("recommendation", "future"): 0.5, ("future", "recommendation"): 0.6,
    ("permission", "recommendation"): 0.6, ("recommendation", "permission"): 0.6,
    ("possibility", "permission"): 0.2, ("obligation", ""): 0.1,
}  # fmt: skip
QUANTITY = {
    ("all", "some"): 1.0, ("all", "most"): 1.0, ("all", "number"): 0.9, ("all", "only"): 0.5,
    ("all", ""): 0.3, ("some", "all"): 1.0, ("some", ""): 0.4, ("some", "none"): 1.0,
    ("most", "all"): 0.9, ("most", "some"): 0.8, ("most", "number"): 0.7, ("most", ""): 0.5,
    ("", "some"): 0.4, ("", "most"): 0.4, ("", "only"): 0.6, ("only", ""): 0.15,
    ("only", "all"): 0.8, ("most", "none"): 1.0, ("all", "none"): 1.0, ("", "all"): 0.05,
}  # fmt: skip
"""How much it tells that a text says the first of a word and the source says the second; "" is nothing."""
