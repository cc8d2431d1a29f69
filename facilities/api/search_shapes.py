"""What the search answers, as models for the OpenAPI document; `facilities.search.views` makes the answer."""

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


class Found(BaseModel):
    """A page of search results. `corrected` is what was searched for instead, if the text as typed finds nothing."""

    query: str
    total: int
    page: int
    pages: int
    took_ms: float
    corrected: str | None
    facets: dict[str, list[FacetValueShown]]
    items: list[FoundItem]


class SearchError(BaseModel):
    error: ErrorShown
