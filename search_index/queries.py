"""What is asked of the index and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from search_index.documents import FACETS

Sort = Literal["relevance", "name", "updated", "distance"]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way to say a part of a query: `text`, words that stand side by side, or a `tag` documents carry.

    `weight`, 0 to 1, is how nearly it means the same. `exact`: just so, not inflected.
    """

    text: str = ""
    tag: str = ""
    weight: float = 1.0
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """Words `start` to `end` - 1 of a query's text, as `words_in` numbers them, mean something that has a name.

    A document answers them if it has all the words themselves, or any of the alternatives. Equal keys promise equal
    alternatives: what was found for a key is kept.
    """

    start: int
    end: int
    key: str
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Documents nearer to a point, in degrees, come first; with `radius_km` only those within it are found at all.

    `weight`, 0 to 1, is how much nearness counts.
    """

    lat: float
    lng: float
    radius_km: float | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the map, in degrees; one whose `west` is more than its `east` crosses the date line."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True)
class Query:
    """A search. `text` is what the visitor typed: anything is legal and nothing raises.

    `filters` maps a facet to values: any of them within a facet, all facets together. `facets` names
    the facets to count and `facet_limit` how many of the most frequent values each shows; a value
    that is selected in `filters` is always among them, with its count, even if that is 0. Documents
    confirmed before `confirmed_since` (unix seconds) sink a little.

    `meanings` are what parts of the text mean. `reread` gives what would be asked for another text: with it a corrected
    spelling is tried. `near` orders by nearness too, and `within` keeps to a part of the map. `prefer` maps facets to
    values that count for more without being required. `ranges` maps names of NUMBERS to the lowest and highest wanted,
    None for no limit; a document without that number is left out. `open_to` is the group of users that the visitor
    belongs to: what is open to it counts a little more. `explain` asks for the parts of scores; without `snippets`
    there are none, for those who only want ids, however many. Where nothing is found, other spellings and partial
    answers are looked for only if the query is `forgiving`; when fewer than `enough` answer all of the text, those that
    answer most of it come behind them.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 20
    facets: tuple[str, ...] = FACETS
    facet_limit: int = 30
    confirmed_since: float = 0.0
    meanings: tuple[Meaning, ...] = ()
    reread: "Callable[[str], Query] | None" = None
    near: Near | None = None
    within: Box | None = None
    prefer: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    open_to: str = ""
    explain: bool = False
    snippets: bool = True
    forgiving: bool = True
    enough: int = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: `name` says what kind, `word` what of the query it is for, `value` how much it adds."""

    name: str
    word: str
    value: float


@dataclass(frozen=True, slots=True)
class Result:
    """One page of hits. `total` is exact.

    `facets` lists (value, count), most frequent first; the counts of a facet ignore its own filter.
    `snippets` gives, by id, pieces of the best passage in reading order, True where a piece is a found
    word. `corrected` is another text to search for, set only when nothing was found and it finds something.

    `distances` are in km, by id, when the query has a point. `explained` gives the parts that add up to a score, by id.
    `partial` tells that no document answers the whole text: these answer the most of it, and `missing` lists by id the
    words, as typed, that a hit lacks. `whole` is how many hits answer all of it.
    """

    ids: list[int] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    total: int = 0
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    snippets: dict[int, list[tuple[str, bool]]] = field(default_factory=dict)
    corrected: str | None = None
    generation: int = 0
    distances: dict[int, float] = field(default_factory=dict)
    explained: dict[int, list[Part]] = field(default_factory=dict)
    partial: bool = False
    whole: int = 0
    missing: dict[int, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Differences:
    """How the index differs from what is expected: ids that it lacks, has in another version, or has besides."""

    missing: list[int]
    stale: list[int]
    unexpected: list[int]

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.unexpected)
