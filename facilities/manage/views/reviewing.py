"""The owners' forms as they are opened by whoever decides: what is saved goes into what waits for the decision."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import listing_for
from facilities.accounts.rights import may_edit, may_publish
from facilities.catalogue.models import Listing
from facilities.moderation.decisions import NothingWaits, case_of


def in_review() -> bool:
    """Whether the page was opened from a decision."""
    return request.path.startswith("/manage/reviews/")


def listing_to_edit(listing_id: int) -> Listing:
    """The listing, for those who may open this page's form of it."""
    return listing_for(listing_id, may_publish if in_review() else may_edit)


def forms_of(listing: Listing) -> str:
    """The address of all sections; that of one ends with its name."""
    return f"/manage/reviews/{listing.id}/sections" if in_review() else f"/manage/listings/{listing.id}/edit"


def decided_meanwhile(listing: Listing) -> ResponseReturnValue | None:
    """To the page that says so, if nothing waits at the listing any more that could be put right for a decision."""
    if not in_review():
        return None
    try:
        case_of(listing)
    except NothingWaits:
        if request.method == "POST":
            flash(_("Somebody has decided meanwhile: what you wrote was not saved."), "warning")
        return redirect(f"/manage/reviews/{listing.id}", 303)
    return None
