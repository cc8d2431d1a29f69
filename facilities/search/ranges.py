"""A range of whole numbers as an address says it: 2-3, -3 or 2-."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both included; None for no limit. One without any limit is false."""

    low: int | None = None
    high: int | None = None

    def __bool__(self) -> bool:
        return self.low is not None or self.high is not None

    def __str__(self) -> str:
        low, high = ("" if end is None else str(end) for end in (self.low, self.high))
        return f"{low}-{high}" if self else ""


EVERYTHING = Range()


def range_in_words(name: str, wanted: Range) -> str:
    """A range of price levels (`price`), of lead times in working days (`lead`) or of areas in m² (`area`), in the
    visitor's language."""
    return {"price": _price, "lead": _lead_time, "area": _area}[name](wanted)


def _price(price: Range) -> str:
    low, high = "€" * (price.low or 1), "€" * (price.high or 4)
    return _("Price %(level)s", level=low if low == high else f"{low}–{high}")


def _lead_time(lead: Range) -> str:
    if lead.low is None:
        return _("At most %(days)s working days", days=lead.high)
    if lead.high is None:
        return _("At least %(days)s working days", days=lead.low)
    return _("%(low)s–%(high)s working days", low=lead.low, high=lead.high)


def _area(area: Range) -> str:
    if area.low is None:
        return _("At most %(size)s m²", size=area.high)
    if area.high is None:
        return _("At least %(size)s m²", size=area.low)
    return _("%(low)s–%(high)s m²", low=area.low, high=area.high)


def read_range(values: Sequence[str], least: int, most: int) -> Range:
    """A range from one value as `str` writes it, or from the two fields of a form. A single number is from itself to
    itself. Raises ValueError for anything else, for a number outside of `least` to `most` and for ends that cross."""
    ends = list(values) if len(values) > 1 else _ends(values[0] if values else "")
    if len(ends) != 2:
        raise ValueError("not two ends")
    low, high = (_number(end.strip(), least, most) for end in ends)
    if low is not None and high is not None and low > high:
        raise ValueError("the ends cross")
    return Range(low, high)


def _ends(text: str) -> list[str]:
    return text.split("-", 1) if "-" in text else [text, text]


def _number(text: str, least: int, most: int) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 7 and least <= int(text) <= most):
        raise ValueError(f"not a whole number from {least} to {most}")
    return int(text)
