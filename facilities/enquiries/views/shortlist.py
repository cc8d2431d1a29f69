"""The shortlist: listings that a visitor collects to send one enquiry to all of them. It lives in the session."""

from collections.abc import Iterable
from typing import Any

from flask import abort, has_request_context, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone
from facilities.catalogue.queries import published_by_ids
from facilities.catalogue.queries.merged import living
from facilities.enquiries.choice import ids_in
from facilities.enquiries.comparison import comparison, priced_groups
from facilities.enquiries.limits import MOST_LISTINGS
from facilities.enquiries.views import bp

KEY = "shortlist"
MOST_KEPT = 40

LONGEST_PATH = 2000
"""Characters of an address to go back to."""


@bp.get("/shortlist")
@allow(anyone)
def shortlist() -> ResponseReturnValue:
    columns = comparison(kept())
    if len(columns) < len(kept()):
        columns = comparison(living(kept()))
    listings = [column.listing for column in columns]
    keep(listing.id for listing in listings)
    return render_template(
        "enquiries/shortlist.html",
        listings=listings,
        columns=columns,
        priced_groups=list(priced_groups(columns)),
        most=MOST_LISTINGS,
    )


@bp.post("/shortlist")
@allow(anyone)
def change_shortlist() -> ResponseReturnValue:
    """Add or remove a listing, or empty the list; then back to `next`, which must be a path of this site."""
    ids = ids_in(request.form.getlist("listing"))
    match request.form.get("action"):
        case "add":
            keep([*kept(), *(listing.id for listing in published_by_ids(ids))])
        case "remove":
            forget(ids)
        case "clear":
            forget(kept())
        case _:
            abort(400)
    return redirect(local_path(request.form.get("next", "")), 303)


@bp.app_context_processor
def shortlist_words() -> dict[str, Any]:
    """For every page: which listings are on the shortlist, and how many."""
    ids = kept() if has_request_context() else []
    return {"shortlist_ids": ids, "shortlist_count": len(ids)}


def kept() -> list[int]:
    """The ids on the visitor's shortlist, first added first."""
    ids: list[int] = session.get(KEY, [])
    return ids


def keep(ids: Iterable[int]) -> None:
    """Make these the visitor's shortlist, each once; the oldest go when there are too many."""
    wanted = list(dict.fromkeys(ids))[-MOST_KEPT:]
    if wanted != kept():
        session[KEY] = wanted
        session.permanent = True


def forget(ids: Iterable[int]) -> None:
    gone = set(ids)
    keep(listing_id for listing_id in kept() if listing_id not in gone)


def local_path(target: str) -> str:
    """`target` if it is a path of this site and not too long, else the shortlist's own page."""
    local = target.startswith("/") and not target.startswith("//") and "\\" not in target and target.isprintable()
    return target if local and len(target) <= LONGEST_PATH else "/enquiries/shortlist"
