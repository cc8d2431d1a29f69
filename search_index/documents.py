"""What goes into the index: a document is a listing as search sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

FIELDS = ("title", "names", "model", "techniques", "organisation", "place", "keywords", "description")
FACETS = (
    "kind", "offer", "category", "technique", "organisation", "organisation_kind", "role", "sector", "network", "hub",
    "country", "city", "access", "mode", "certificate",
)  # fmt: skip
NUMBERS = ("price_level", "lead_time_days", "area_m2")
LANGUAGES = ("en", "sv", "nb", "nn", "da", "de")


class UnknownField(ValueError):
    """A document has a field, a facet or a number that the index does not know."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a document: `field` is one of FIELDS, `language` one of LANGUAGES or "" when unknown."""

    field: str
    language: str
    value: str

    def __post_init__(self) -> None:
        if self.field not in FIELDS:
            raise UnknownField(f"{self.field!r} is not a field of the index: use one of {', '.join(FIELDS)}")


@dataclass(frozen=True, slots=True)
class Document:
    """A listing to be indexed.

    `version` is a fingerprint of the content (`check` compares it), `facets` maps a name of FACETS to
    no, one or several values, `name` is what sorting by name uses, `updated_at` is in unix seconds and
    `boost` multiplies the score. `confirmed_at`, in unix seconds, is when somebody last vouched for it.
    `tags` are the slugs of its techniques, `point` is where it stands (latitude and longitude in degrees), and
    `numbers` maps names of NUMBERS to the lowest and highest that is true of it.
    """

    id: int
    version: str
    texts: tuple[Text, ...]
    facets: Mapping[str, tuple[str, ...]]
    name: str
    updated_at: float
    boost: float = 1.0
    confirmed_at: float = 0.0
    tags: tuple[str, ...] = ()
    point: tuple[float, float] | None = None
    numbers: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for facet in self.facets:
            if facet not in FACETS:
                raise UnknownField(f"{facet!r} is not a facet of the index: use one of {', '.join(FACETS)}")
        for number in self.numbers:
            if number not in NUMBERS:
                raise UnknownField(f"{number!r} is not a number of the index: use one of {', '.join(NUMBERS)}")
