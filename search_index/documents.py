"""What goes into the index: a document is a listing as search sees it."""

from collections.abc import Mapping
from dataclasses import dataclass

FIELDS = ("title", "names", "model", "techniques", "organisation", "place", "keywords", "description")
FACETS = ("kind", "category", "technique", "organisation", "country", "city", "access", "mode")
LANGUAGES = ("en", "sv", "nb", "nn", "da", "de")


class UnknownField(ValueError):
    """A document has a text in a field, or a value in a facet, that the index does not know."""


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
    """

    id: int
    version: str
    texts: tuple[Text, ...]
    facets: Mapping[str, tuple[str, ...]]
    name: str
    updated_at: float
    boost: float = 1.0
    confirmed_at: float = 0.0

    def __post_init__(self) -> None:
        for facet in self.facets:
            if facet not in FACETS:
                raise UnknownField(f"{facet!r} is not a facet of the index: use one of {', '.join(FACETS)}")
