"""Every operation of the interface as the OpenAPI document tells it. Summaries are orders, answers say when."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from facilities.api.body import MERGE_PATCH
from facilities.api.search_shapes import Found, SearchError
from facilities.api.shapes import (
    Filter,
    ListingPage,
    ListingShown,
    NewListing,
    NewRecord,
    Patch,
    Records,
    Upserted,
    Withdrawal,
)
from facilities.search.near import WIDEST
from facilities.search.query import LONGEST_TEXT, MOST_PAGES, MOST_PER_PAGE, PER_PAGE, SORTS
from search_index import FACETS

Json = dict[str, Any]
Answers = dict[int, tuple[str, type[BaseModel] | None]]
OPEN: list[Json] = [{}]
ALWAYS = ("too_many_requests", "broken")
TO_CHANGE = ("bad_request", "token_needed", "scope_missing", "too_large", "wrong_media_type", "invalid", *ALWAYS)


@dataclass(frozen=True)
class Operation:
    """One method of one path. `gives` is {status: (when, model)}, `problems` the codes it answers otherwise."""

    method: str
    path: str
    name: str
    summary: str
    gives: Answers
    description: str = ""
    security: list[Json] = field(default_factory=list)
    places: tuple[str, ...] = ()
    parameters: list[Json] = field(default_factory=list)
    takes: type[BaseModel] | None = None
    takes_type: str = "application/json"
    gives_types: dict[int, str] = field(default_factory=dict)
    body_needed: bool = True
    has_etag: bool = False
    problems: tuple[str, ...] = ALWAYS


def _with(*scopes: str) -> list[Json]:
    return [{"token": list(scopes)}]


def _query(name: str, schema: Json, description: str = "") -> Json:
    said = {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
    return {key: value for key, value in said.items() if value != ""}


def _header(name: str, description: str, *, required: bool = False) -> Json:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "schema": {"type": "string"},
        "description": description,
    }


def _search_parameters() -> list[Json]:
    words = {"type": "array", "items": {"type": "string"}}
    facets = [
        _query(name, words, "Any of these values; each is a value of the facet in the answer.") for name in FACETS
    ]
    number = {"type": "integer", "minimum": 1}
    return [
        _query("q", {"type": "string", "maxLength": LONGEST_TEXT}, "What to look for, as typed on the site."),
        _query("literal", words, "Words of the text that are taken as typed."),
        *facets,
        _query("near", {"type": "string"}, "A town in any of its names, or latitude,longitude in degrees."),
        _query("radius", {**number, "maximum": WIDEST}, "Only what is within so many km of the place."),
        _query("bbox", {"type": "string"}, "Only what is within west,south,east,north (degrees)."),
        _query("price", {"type": "string"}, "Price levels from 1 to 4, ends included: 1-3, -3 or 2-."),
        _query("lead", {"type": "string"}, "Lead times in working days, ends included: 5-20, -20 or 5-."),
        _query("area", {"type": "string"}, "Area of premises in m², ends included: 100-400, -400 or 100-."),
        _query("sort", {"enum": list(SORTS), "default": SORTS[0]}, "By distance where there is a place."),
        _query("page", {**number, "maximum": MOST_PAGES, "default": 1}),
        _query("per_page", {**number, "maximum": MOST_PER_PAGE, "default": PER_PAGE}),
    ]


def _filter_parameters() -> list[Json]:
    schema = Filter.model_json_schema()
    words = schema["$defs"]
    return [
        _query(name, _without_refs(said, words), said.get("description", ""))
        for name, said in schema["properties"].items()
    ]


def _without_refs(said: Json, words: Json) -> Json:
    """The schema of a parameter with the lists of words written out."""
    kept = {key: value for key, value in said.items() if key not in ("title", "description")}
    if "items" in kept:
        word = words[kept["items"]["$ref"].rpartition("/")[2]]
        kept["items"] = {"type": "string", "enum": word["enum"]}
    return kept


IF_MATCH = _header("If-Match", "The ETag of the listing as you read it.", required=True)
IF_MATCH_IF_SENT = _header("If-Match", "If sent, the listing must still be that version.")
IF_NONE_MATCH = _header("If-None-Match", "The ETag you have: 304 if it still holds.")
BELOW = _query(
    "below",
    {"type": "integer", "minimum": 1},
    "The listing that new ones come below which name no parent; usual is the one that the token's owner manages.",
)
SHOWN: tuple[str, type[BaseModel]] = ("The listing as it is now.", ListingShown)


def _act(
    name: str, summary: str, description: str, *, scope: str = "write", takes: type[BaseModel] | None = None
) -> Operation:
    return Operation(
        "post",
        f"/api/v1/listings/{{listing_id}}/{name}",
        f"{name}_listing",
        summary,
        gives={200: SHOWN},
        description=description,
        security=_with(scope),
        places=("listing_id",),
        parameters=[IF_MATCH_IF_SENT],
        takes=takes,
        body_needed=False,
        has_etag=True,
        problems=("forbidden", "not_found", "conflict", "gone", "changed_meanwhile", *TO_CHANGE),
    )


OPERATIONS = (
    Operation(
        "get",
        "/api/v1/search",
        "search",
        "Search published listings",
        gives={200: ("A page of results.", Found), 400: ("A parameter cannot be understood.", SearchError)},
        security=OPEN,
        parameters=_search_parameters(),
    ),
    Operation(
        "get",
        "/api/v1/listings",
        "list_listings",
        "Read listings a page at a time",
        gives={200: ("A page; `links.next` is the address of the next.", ListingPage)},
        description="In the order of their ids. With a token that has the scope read: those its owner may edit.",
        security=[{}, {"token": ["read"]}],
        parameters=_filter_parameters(),
        problems=("bad_request", "token_refused", *ALWAYS),
    ),
    Operation(
        "get",
        "/api/v1/listings/{listing_id}",
        "read_listing",
        "Read a listing",
        gives={
            200: SHOWN,
            304: ("It is what you have.", None),
            308: ("It was merged into another, which `Location` names.", None),
        },
        security=[{}, {"token": ["read"]}],
        places=("listing_id",),
        parameters=[IF_NONE_MATCH],
        has_etag=True,
        problems=("token_refused", "not_found", "gone", *ALWAYS),
    ),
    Operation(
        "post",
        "/api/v1/listings",
        "create_listing",
        "Make a listing below another one",
        gives={201: ("The listing, a draft unless it was to be published.", ListingShown)},
        description="With publish it is public at once, or in review where the organisation's changes are reviewed.",
        security=_with("write"),
        takes=NewListing,
        has_etag=True,
        problems=("forbidden", "not_found", "known_already", "gone", *TO_CHANGE),
    ),
    Operation(
        "patch",
        "/api/v1/listings/{listing_id}",
        "change_listing",
        "Change what a listing says",
        gives={200: SHOWN, 202: ("The changes wait for a decision: `waiting` has them.", ListingShown)},
        description="A JSON merge patch of the record: what is left out stays, null empties, arrays are replaced.",
        security=_with("write"),
        places=("listing_id",),
        parameters=[IF_MATCH],
        takes=Patch,
        takes_type=MERGE_PATCH,
        has_etag=True,
        problems=("forbidden", "not_found", "conflict", "gone", "changed_meanwhile", "version_needed", *TO_CHANGE),
    ),
    _act("submit", "Hand a draft in for review", "For listings that are drafts."),
    _act("publish", "Have a listing public", "For those who may publish; a withdrawn or archived one comes back."),
    _act("confirm", "Say that a listing is still right", "For published listings."),
    _act(
        "withdraw",
        "Take a listing out of the catalogue",
        "Its address then answers 410 with the reason. What belongs to it goes with it.",
        scope="withdraw",
        takes=Withdrawal,
    ),
    Operation(
        "put",
        "/api/v1/sources/{source}/records/{record_id}",
        "upsert_record",
        "Send a record of a source",
        gives={
            200: ("The record was known; the listing changed.", ListingShown),
            201: ("A listing was made of it: published, or in review.", ListingShown),
            202: ("The record was known; the changes wait for a decision.", ListingShown),
            204: ("The record says what it said the last time.", None),
        },
        description="Only what the source changed since the last time changes; what was changed here stays.",
        security=_with("write"),
        places=("source", "record_id"),
        parameters=[BELOW],
        takes=NewRecord,
        has_etag=True,
        problems=("forbidden", "not_found", "conflict", *TO_CHANGE),
    ),
    Operation(
        "post",
        "/api/v1/sources/{source}/records",
        "upsert_records",
        "Send up to a thousand records of a source",
        gives={
            200: ("What became of each record.", Upserted),
            422: ("Nothing was saved: some records cannot be taken. The answer also has what `Upserted` has.", None),
        },
        description="All are taken or none, unless on_error=skip. A parent may be among the records.",
        security=_with("write"),
        places=("source",),
        parameters=[
            BELOW,
            _query("on_error", {"enum": ["stop", "skip"], "default": "stop"}, "skip: take those that can be taken."),
            _query("dry_run", {"type": "boolean", "default": False}, "Say what would happen, save nothing."),
        ],
        takes=Records,
        problems=("forbidden", "not_found", *TO_CHANGE),
    ),
    Operation(
        "get",
        "/api/v1/openapi.json",
        "read_openapi",
        "Read this document",
        gives={200: ("OpenAPI 3.1.", None)},
        security=OPEN,
    ),
)
