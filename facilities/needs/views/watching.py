"""The switch for letters about needs, and the link in them that ends them."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, anyone, listing_for, me, signed_in
from facilities.accounts.models import User
from facilities.accounts.rights import may_edit
from facilities.catalogue.models import Kind, Listing
from facilities.db import as_id
from facilities.needs.letters import NotOurLink, read_token
from facilities.needs.views import bp
from facilities.needs.watching import stop_all_letters, stop_watching, watch_needs
from facilities.pages import csrf
from facilities.private_page import PrivateResponse


@bp.post("/needs/watch")
@allow(signed_in)
def watch() -> ResponseReturnValue:
    """Have letters about needs that match the `listing` and what belongs to it, or (`act` is stop) none any more."""
    listing = listing_for(as_id(request.values.get("listing", "")), may_watch)
    user = me()
    if user is not None and request.form.get("act") == "stop":
        stop_watching(listing, by=user)
        flash(_("No more letters about needs for %(name)s.", name=listing.name))
    elif user is not None:
        watch_needs(listing, by=user)
        flash(_("You get a letter when somebody needs what %(name)s has.", name=listing.name))
    back = "/account" if request.form.get("back") == "account" else f"/manage/listings/{listing.id}/edit"
    return redirect(back, 303)


def may_watch(user: User | None, listing: Listing) -> bool:
    """Whether the user answers for the listing and needs can be matched with what belongs to it."""
    return listing.kind in (Kind.ORGANISATION, Kind.FACILITY) and may_edit(user, listing)


@bp.route("/needs/letters/<token>/end", methods=["GET", "POST"])
@allow(anyone)
def end_letters(token: str) -> ResponseReturnValue:
    """GET shows a button; POST ends the letters, also for the mail program that has no session and no form (RFC 8058).
    Doing it twice does no harm."""
    try:
        user_id, made_at = read_token(token)
    except NotOurLink:
        return PrivateResponse(render_template("needs/not_our_link.html"), 404)
    if request.method == "GET":
        return PrivateResponse(render_template("needs/end_letters.html", token=token))
    stop_all_letters(user_id, made_at)
    return PrivateResponse(render_template("needs/letters_ended.html"))


csrf.exempt(end_letters)
