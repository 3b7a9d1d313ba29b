"""Times of day, in digits and as they are spoken: "14 h 30", "2.30 pm", "huit heures moins le quart"."""

import re

from centaure.answering.groundedness.measures import HOUR, MINUTE
from centaure.answering.groundedness.numerals import CARDINALS

_PARTS = {
    "moins le quart": -15, "et quart": 15, "et demie": 30, "et demi": 30, "moins vingt": -20,
    "moins dix": -10,
    "moins cinq": -5, "moins vingt-cinq": -25,
    "half past": 30, "quarter past": 15, "quarter to": -15,
}  # fmt: skip
"""Minutes."""


def time_of_day(match: re.Match[str]) -> float | None:
    """Seconds since midnight of a time of day; None where a number is not one."""
    if match["spoken"]:
        return _spoken(match)
    if match["clock"]:
        return _clock(match["clock"], match["half"] or match["half2"])
    return None


def _spoken(match: re.Match[str]) -> float:
    """Seconds since midnight of "huit heures moins le quart" and "half past two"."""
    hour = match["spoken_hour"] or match["past_hour"]
    part = (match["spoken_part"] or match["past"]).removeprefix("a ")
    hours = float(hour) if hour.isdecimal() else CARDINALS[hour]
    return hours * HOUR + _PARTS[" ".join(part.split())] * MINUTE


def _clock(written: str, half: str | None) -> float:
    numbers = [int(part) for part in re.findall(r"\d+", written)]
    hours, minutes = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if half == "p" and hours < 12:
        hours += 12
    if half == "a" and hours == 12:
        hours = 0
    return hours * HOUR + minutes * MINUTE
