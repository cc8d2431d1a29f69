"""The pages of a long list: which one is asked for, and links to the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from urllib.parse import urlencode

from flask import request

MOST = 100_000


@dataclass(frozen=True, slots=True)
class Pages:
    """What `components/pagination.html` prints: `numbers` are (number, url), (None, "") standing for a gap."""

    page: int
    pages: int
    numbers: list[tuple[int | None, str]]
    previous_url: str | None
    next_url: str | None


def asked_page() -> int:
    """The page that the address asks for; the first for whatever is not a number."""
    text = request.args.get("page", "")
    return min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) < 7 and int(text) else 1


def pages_of(total: int, per_page: int) -> Pages:
    """The pages of a list of `total` at the address of this request."""
    page, last = asked_page(), max(1, ceil(total / per_page))
    return Pages(
        page=page,
        pages=last,
        numbers=[(number, _url(number) if number else "") for number in _shown(page, last)],
        previous_url=_url(min(page - 1, last)) if page > 1 else None,
        next_url=_url(page + 1) if page < last else None,
    )


def _url(page: int) -> str:
    """The address of this request at another page."""
    others = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    query = urlencode([*others, *([("page", str(page))] if page > 1 else [])])
    return f"{request.path}?{query}" if query else request.path


def _shown(page: int, last: int) -> Iterator[int | None]:
    """First, last and the two on each side of `page`; None for each gap."""
    shown = sorted({1, last, *range(page - 2, page + 3)} & set(range(1, last + 1)))
    for before, number in zip([0, *shown], shown, strict=False):
        if number - before > 1:
            yield None
        yield number
