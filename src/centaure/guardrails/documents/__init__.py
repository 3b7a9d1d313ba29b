"""What documents and tool results say: data that may be read and quoted, and authorises nothing."""

from centaure.guardrails.documents.extent import blanked
from centaure.guardrails.documents.planted import Planted

__all__ = ["Planted", "blanked"]
