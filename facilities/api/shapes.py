"""What the interface takes and gives, as models: they check requests, and the OpenAPI document is made from them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NaiveDatetime

from facilities.catalogue.models import Kind, Status
from facilities.exchange.records.cleaning import Line200, Line400
from facilities.exchange.records.schema import MOST_CONTACTS, Contact, Record

MOST_RECORDS = 1000
MOST_PER_PAGE = 100
ListingId = Annotated[int, Field(ge=1, le=2**31 - 1)]
Outcome = Literal["created", "updated", "unchanged", "waiting", "rejected"]


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewRecord(Record):
    """A record. `id` and `source` together are how its source knows it; without `id` only the catalogue's id does."""

    id: Line200 = ""


class NewListing(Asked):
    """A listing to be made below another one."""

    parent_id: ListingId | None = Field(
        None, description="The listing it is to belong to. Only the desk may leave it out, for an organisation."
    )
    publish: bool = Field(
        default=False, description="Have it public at once, or handed in for review where the organisation wants that."
    )
    record: NewRecord


class Patch(Asked):
    """A JSON merge patch (RFC 7396) of a listing's record: fields that are named change, null empties a field."""

    record: dict[str, object]


class Withdrawal(Asked):
    reason: Line400 = Field("", description="Public, at the listing's address.")
    successor_id: ListingId | None = Field(None, description="The listing that takes its place.")


class Note(Asked):
    """Nothing needs to be said."""


class Filter(Asked):
    """Which listings a page holds. Repeated `kind` and `status` mean any of them."""

    own: bool | None = Field(
        None,
        description="true: those that the token's owner may edit, whatever their status (usual with a token that has "
        "the scope read); false: published ones of everybody (usual without).",
    )
    kind: list[Kind] = []
    ended: bool | None = Field(
        None,
        description="Offers whose last day has passed: true for these alone, false for all but these. Without it they "
        "are left out of everybody's listings, and are among one's own.",
    )
    status: list[Status] = Field([], description="Only with own=true.")
    below: ListingId | None = Field(None, description="This listing and all that belongs to it.")
    source: str = ""
    source_id: str = ""
    updated_since: AwareDatetime | NaiveDatetime | None = Field(None, description="UTC unless it names a zone.")
    per_page: int = Field(50, ge=1, le=MOST_PER_PAGE)
    cursor: str = Field("", description="From `links.next` of the page before.")


class Records(Asked):
    """Records of one source, in any order; a `parent` may be in the same request."""

    records: list[dict[str, object]] = Field(min_length=1, max_length=MOST_RECORDS)


class ShownContact(Contact):
    """A contact. Addresses, deputies and leave are given only to those who may edit the listing."""

    email: str = ""


class ShownRecord(Record):
    contacts: Annotated[list[ShownContact], Field(max_length=MOST_CONTACTS)] = []  # type: ignore[assignment]


class Links(BaseModel):
    """Addresses: of the listing here, of its public page, of what it belongs to, of what took its place."""

    self: str
    page: str
    parent: str | None = None
    organisation: str | None = None
    successor: str | None = None


class Waiting(BaseModel):
    """Changes of a published listing that wait for a decision; only for those who may edit it."""

    state: Literal["waiting", "sent_back"]
    made_by: str
    changed_at: datetime
    reason: str = Field(description="Why they were sent back.")
    record: ShownRecord | None = Field(None, description="What it will say. Left out of lists.")


class ListingShown(BaseModel):
    """A listing: its state here, and what it says as a record."""

    id: int
    kind: Kind
    status: Status
    version: int
    parent_id: int | None
    organisation_id: int | None
    created_at: datetime
    updated_at: datetime
    confirmed_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str
    waiting: Waiting | None = None
    record: ShownRecord
    links: Links


class PageLinks(BaseModel):
    self: str
    next: str | None


class ListingPage(BaseModel):
    items: list[ListingShown]
    links: PageLinks


class Told(BaseModel):
    """One thing to put right in a record (`rejects`), or that was cleaned."""

    field: str
    detail: str
    rejects: bool


class RowResult(BaseModel):
    """What became of a record; `row` counts from 1."""

    row: int
    id: str | None
    result: Outcome
    listing_id: int | None = None
    url: str | None = None
    problems: list[Told] = []


class Upserted(BaseModel):
    """What became of the records of a request. Not `saved`: a dry run, or one rejected record that stopped all."""

    saved: bool
    created: int
    updated: int
    unchanged: int
    waiting: int
    rejected: int
    results: list[RowResult]


class FaultShown(BaseModel):
    pointer: str = Field(description="JSON Pointer (RFC 6901) into the body, or the name of a parameter.")
    detail: str


class ErrorShown(BaseModel):
    code: str
    message: str
    field: str | None


class ProblemShown(BaseModel):
    """Problem details (RFC 9457). `error` says the same as the search always did."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FaultShown] = []
    error: ErrorShown
