"""Verdicts of texts that were read before, so that a conversation is not read anew at each of its turns."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Sequence

from centaure.guardrails.acting import held_against
from centaure.guardrails.checks import Check, Context
from centaure.guardrails.verdicts import Verdict

MOST = 4_096


class Remembered:
    """The latest verdicts of texts that stand alone; nothing of a text is kept but a hash.

    Args:
        among: the checks; None: those that are installed.
        most: how many verdicts are kept.
    """

    def __init__(self, among: Sequence[Check] | None = None, most: int = MOST) -> None:
        self._among = among
        self._most = most
        self._kept: OrderedDict[bytes, Verdict] = OrderedDict()

    async def verdict(self, text: str, context: Context, whose: str) -> Verdict:
        """What the checks say of a text, now or when it was last read.

        Args:
            text: any.
            context: without earlier turns, secrets and other texts.
            whose: who brings it, under which policy: nobody learns what another one has sent.
        """
        stands = [whose, context.stage, context.past, context.language, text]
        key = hashlib.sha256(json.dumps(stands).encode()).digest()
        found = self._kept.get(key)
        if found is None:
            found = await held_against(text, context, self._among)
            self._kept[key] = found
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return found
