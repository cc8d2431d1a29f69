"""What was understood of a query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from facilities.search.ranges import Range
from search_index import Meaning, Near

PartKind = Literal["technique", "organisation", "place", "need"]


@dataclass(frozen=True, slots=True)
class Part:
    """Words of the query and what they became.

    `words` are as typed and, given back as `literal`, are taken as typed again. `label` is for people, `value` for
    programs: a technique's slug, an organisation's id, "59.859,17.639" or a country's code, "access=companies",
    "price=-2".
    `also` names a few of the other things that are found for it; `is_filter` tells that it leaves listings out.
    """

    kind: PartKind
    words: str
    label: str
    value: str
    also: tuple[str, ...] = ()
    is_filter: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """A query as the index is asked it.

    `text` is what is left to look for and `meanings` are those of its words. `near` and `prefer` put some listings
    first, `filters` and `ranges` leave others out; `taken` are the words that became one of these, with those around
    them that say nothing more. `similar` are the techniques of models named, and those one step wider than techniques:
    what to show when few have the thing itself.
    """

    text: str
    meanings: tuple[Meaning, ...] = ()
    near: Near | None = None
    prefer: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    taken: str = ""
    similar: tuple[Meaning, ...] = ()
    nearby: tuple[str, ...] = ()
