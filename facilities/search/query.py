"""What the visitor asked: cleaned once, written back as an address, handed to the index."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

import search_index
from facilities.catalogue.confirmation import overdue_before

PER_PAGE = 20
MOST_PER_PAGE = 100
LONGEST_TEXT = 300
MOST_VALUES = 20
MOST_PAGES = 500
SORTS = ("relevance", "name", "updated")


class BadParameter(ValueError):
    """A parameter of a search that cannot be understood. `name` is the parameter, the message says what to write."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True)
class SearchQuery:
    """A search as the visitor meant it. Immutable: a changed search is a new one with an address of its own."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "relevance"
    page: int = 1
    per_page: int = PER_PAGE

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> "SearchQuery":
        """Read a request's arguments; what is not understood is dropped or capped, so a visitor always gets a page."""
        try:
            return cls.strict(args)
        except BadParameter as bad:
            kept = MultiDict([(name, value) for name, value in args.items(multi=True) if name != bad.name])
            return cls.from_args(kept)

    @classmethod
    def strict(cls, args: MultiDict[str, str]) -> "SearchQuery":
        """Read a program's arguments. Raises BadParameter for a sort, page or page size that does not exist."""
        sort = args.get("sort") or "relevance"
        if sort not in SORTS:
            raise BadParameter("sort", f"Use one of {', '.join(SORTS)}.")
        return cls(
            text=_clean(args.get("q", ""))[:LONGEST_TEXT],
            filters=_filters(args),
            sort=sort,
            page=_number(args, "page", 1, MOST_PAGES),
            per_page=_number(args, "per_page", PER_PAGE, MOST_PER_PAGE),
        )

    def for_index(self) -> search_index.Query:
        return search_index.Query(
            text=self.text,
            filters=self.filters,
            sort=self.sort,  # type: ignore[arg-type]
            offset=(self.page - 1) * self.per_page,
            limit=self.per_page,
            confirmed_since=overdue_before().timestamp(),
        )

    @cached_property
    def args(self) -> list[tuple[str, str]]:
        """The arguments that say this search and nothing more, in a stable order."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, value) for name in search_index.FACETS for value in self.filters.get(name, ())]
        pairs += [("sort", self.sort)] if self.sort != "relevance" else []
        pairs += [("per_page", str(self.per_page))] if self.per_page != PER_PAGE else []
        return pairs + ([("page", str(self.page))] if self.page > 1 else [])

    @property
    def url(self) -> str:
        return "/search" + ("?" + urlencode(self.args) if self.args else "")

    def has(self, facet: str, value: str) -> bool:
        return value in self.filters.get(facet, ())

    def without(self, facet: str, value: str) -> "SearchQuery":
        kept = tuple(each for each in self.filters.get(facet, ()) if each != value)
        return replace(self, filters={**self.filters, facet: kept}, page=1)

    def without_filters(self) -> "SearchQuery":
        return replace(self, filters={}, page=1)

    def sorted_by(self, sort: str) -> "SearchQuery":
        return replace(self, sort=sort, page=1)

    def on_page(self, page: int) -> "SearchQuery":
        return replace(self, page=page)

    def saying(self, text: str) -> "SearchQuery":
        return replace(self, text=text, page=1)

    def active_filters(self) -> Iterator[tuple[str, str]]:
        for name in search_index.FACETS:
            for value in self.filters.get(name, ()):
                yield name, value


def _clean(text: str) -> str:
    """Without control characters, blanks folded."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _filters(args: MultiDict[str, str]) -> dict[str, tuple[str, ...]]:
    """Known filters only, each value once, at most MOST_VALUES of a facet."""
    found = {name: [_clean(value)[:120] for value in args.getlist(name)] for name in search_index.FACETS}
    return {
        name: tuple(dict.fromkeys(filter(None, values)))[:MOST_VALUES] for name, values in found.items() if any(values)
    }


def _number(args: MultiDict[str, str], name: str, default: int, most: int) -> int:
    text = args.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise BadParameter(name, f"Write a whole number from 1 to {most}.")
    return int(text)
