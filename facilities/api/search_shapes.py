"""What the search answers, as models for the OpenAPI document; `facilities.search.views` makes the answer."""

from typing import Literal

from pydantic import BaseModel, Field

from facilities.api.shapes import ErrorShown
from facilities.catalogue.models import Kind


class FacetValueShown(BaseModel):
    value: str
    label: str
    count: int


class FoundItem(BaseModel):
    id: int
    kind: Kind
    title: str
    url: str = Field(description="Path of the public page below the site's address.")
    source: str | None
    source_id: str | None
    snippet: str
    organisation: str | None
    city: str | None
    country: str | None
    score: float


class UnderstoodPart(BaseModel):
    kind: Literal["technique", "organisation", "place", "need"]
    words: str = Field(description="As typed; given back as `literal` they are taken as typed.")
    label: str
    value: str = Field(
        description="A technique's slug, an organisation's id, degrees, a country's code or facet=value."
    )


class Found(BaseModel):
    """A page of search results. `corrected` is what was searched for instead, if the text as typed finds nothing."""

    query: str
    total: int
    page: int
    pages: int
    took_ms: float
    corrected: str | None
    understood: list[UnderstoodPart]
    facets: dict[str, list[FacetValueShown]]
    items: list[FoundItem]


class SearchError(BaseModel):
    error: ErrorShown
