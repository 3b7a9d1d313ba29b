"""What was shown of a restored answer, as a record may hold it: with placeholders, and no more than that."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from centaure.guardrails.acting import LEFT_OUT


def masked_again(shown: str, told: Sequence[tuple[str, str]]) -> str:
    """What was shown, with the placeholder of each value of which a part was.

    Args:
        shown: the restored text, or its beginning, with `LEFT_OUT` in place of what checks left out.
        told: each piece of the restored text, and the same with a placeholder; as `Restorer.told`.
    """
    restored = "".join(piece for piece, _ in told)
    begins = [0, *accumulate(len(piece) for piece, _ in told)]
    kept: list[str] = []
    at = 0
    for number, part in enumerate(shown.split(LEFT_OUT)):
        kept += [LEFT_OUT] if number else []
        start = restored.find(part, at)
        if start < 0:  # a check's own words: nobody knows what they were made of
            continue
        at = start + len(part)
        first, last = bisect_right(begins, start) - 1, bisect_left(begins, at)
        for begin, (piece, masked) in zip(begins[first:last], told[first:last], strict=False):
            kept.append(masked if piece != masked else piece[max(start - begin, 0) : at - begin])
    return "".join(kept)
