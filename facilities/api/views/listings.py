"""Reading, making and changing listings."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from facilities.access import allow, anyone
from facilities.accounts.models import Scope, User
from facilities.accounts.rights import may_edit, may_see
from facilities.api.access import Merged, caller, listing_for, needs, reader
from facilities.api.body import checked, faults_of, json_object
from facilities.api.conditions import check_version
from facilities.api.listing import address_of, as_json, etag_of
from facilities.api.making import add_listing, usable
from facilities.api.patching import patched_fields
from facilities.api.problems import ApiProblem
from facilities.api.queries import open_proposals, page_of, with_all_it_says
from facilities.api.shapes import Filter, NewListing, Patch
from facilities.api.views import bp
from facilities.catalogue.models import Listing, Status
from facilities.exchange.records.exporting import record_of
from facilities.manage.editing import editable, save_edit
from facilities.moderation.proposals import open_proposal

LISTS = ("kind", "status")
IDENTITY = ("id", "source", "type", "name")
"""What a record is known by."""


@bp.get("/listings")
@allow(anyone)
def listings() -> ResponseReturnValue:
    asked, user = _filter(), reader()
    own = asked.own if asked.own is not None else user is not None
    found, cursor = page_of(asked, user)
    waiting = open_proposals(found) if own else {}
    items = [
        as_json(each, private=own and may_edit_all(each), proposal=waiting.get(each.id), whole=False) for each in found
    ]
    links = {"self": _page_url(None), "next": _page_url(cursor) if cursor else None}
    response = jsonify(items=items, links=links)
    if links["next"]:
        response.headers["Link"] = f'<{links["next"]}>; rel="next"'
    return _private(response)


@bp.get("/listings/<listing_id:listing_id>")
@allow(anyone)
def listing(listing_id: int) -> ResponseReturnValue:
    user = reader()
    try:
        found = listing_for(listing_id, may_see, user)
    except Merged as merged:
        if merged.successor is None:
            raise
        return redirect(merged.successor, 308)
    if not may_edit(user, found):
        _check_there(found)
    return shown(found, user)


@bp.post("/listings")
@needs(Scope.WRITE)
def new() -> ResponseReturnValue:
    made = add_listing(checked(NewListing, usable(json_object())), by=caller())
    response = shown(made, caller(), status=201)
    response.headers["Location"] = address_of(made.id)
    return response


@bp.patch("/listings/<listing_id:listing_id>")
@needs(Scope.WRITE)
def edit(listing_id: int) -> ResponseReturnValue:
    found, user = listing_for(listing_id, may_edit, caller()), caller()
    check_version(found, needed=True)
    now_said = editable(found)
    patch = checked(Patch, json_object()).record
    fields = patched_fields(found, record_of(found, now_said), patch)
    saved = save_edit(found, fields, opened=now_said, by=user, settled=True)
    return shown(found, user, status=202 if saved.waits else 200)


def shown(listing: Listing, user: User | None, *, status: int = 200) -> Response:
    """A listing with its entity tag; 304 if the caller has it already. Of what `user` has just done with it, a token
    without the scope `read` is shown no more than anybody may see."""
    proposal = open_proposal(listing) if may_edit(user, listing) else None
    whole = with_all_it_says(listing.id)
    said = as_json(whole, private=may_edit(reader(), whole), proposal=proposal)
    if not may_see(reader(), whole):
        said["record"] = {name: said["record"][name] for name in IDENTITY if name in said["record"]}
    response = jsonify(said)
    response.status_code = status
    response.set_etag(etag_of(listing, proposal))
    if status == 200 and request.method in ("GET", "HEAD"):
        response.make_conditional(request)
    return _private(response)


def may_edit_all(listing: Listing) -> bool:
    """A page of one's own listings holds only those one may edit, but for what was merged into another."""
    return listing.status != Status.MERGED


def _check_there(listing: Listing) -> None:
    """Raises `gone` for a listing that is not public any more, with what took its place."""
    if listing.status == Status.WITHDRAWN:
        successor = address_of(listing.successor_id) if listing.successor_id else None
        at = listing.withdrawn_at.isoformat() if listing.withdrawn_at else None
        said = listing.withdrawn_reason or "It is not in the catalogue any more."
        raise ApiProblem("gone", said, withdrawn_at=at, successor=successor)


def _private(response: Response) -> Response:
    """The answer depends on the token: what only its owner may see stays out of shared caches."""
    response.vary.add("Authorization")
    response.headers["Cache-Control"] = "private, no-cache" if "Authorization" in request.headers else "no-cache"
    return response


def _filter() -> Filter:
    """The parameters of a page. Raises `bad_request`."""
    args: dict[str, Any] = {
        name: request.args.getlist(name) if name in LISTS else value for name, value in request.args.items()
    }
    try:
        return Filter.model_validate(args)
    except ValidationError as wrong:
        faults = faults_of(wrong)
        raise ApiProblem("bad_request", "Put the parameters right that “errors” names.", faults=faults) from None


def _page_url(cursor: str | None) -> str:
    """The address of this page, or of the one at a cursor."""
    args: Mapping[str, list[str]] = request.args.to_dict(flat=False)
    asked = {**args, "cursor": [cursor]} if cursor else args
    query = f"?{urlencode(asked, doseq=True)}" if asked else ""
    return f"{current_app.config['SITE_URL']}/api/v1/listings{query}"
