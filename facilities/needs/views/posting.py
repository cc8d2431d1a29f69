"""Posting a public need, and changing what it says."""

import logging

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, me, signed_in
from facilities.accounts.models import User
from facilities.accounts.rights import may_edit
from facilities.catalogue.models import Kind, Listing, Status
from facilities.catalogue.queries.loading import listing_to_read
from facilities.db import ID, as_id, db, letting_others_write
from facilities.languages import spoken_now
from facilities.needs.actions import MOST_IN_DAY, ChangedMeanwhile, TooManyNeeds, change_need, post_need
from facilities.needs.forms import NeedForm
from facilities.needs.matching import Wanted, likeliest, match_need
from facilities.needs.models import NeedState, PublicNeed
from facilities.needs.queries import PER_PAGE, need_called, needs_of, networks_of, organisations_to_post_for
from facilities.needs.rights import may_change_need
from facilities.needs.telling import tell_of_need
from facilities.needs.views import bp
from facilities.paging import asked_page, pages_of
from facilities.search.results import Card

log = logging.getLogger(__name__)


@bp.route("/needs/new", methods=["GET", "POST"])
@allow(signed_in)
def new_need() -> ResponseReturnValue:
    """`organisation` is whose page led here. The button "preview" shows what would be found and keeps nothing."""
    user = me() or abort(401)
    asked = as_id(request.values.get("organisation", ""))
    organisations = _organisations(user, asked)
    if not organisations:
        return render_template("needs/nobody_to_post_for.html")
    form = NeedForm(organisations, networks_of(list(organisations)), data={"language": spoken_now()})
    if request.method == "GET" and asked in organisations:
        form.organisation.data = asked
    if form.validate_on_submit() and request.form.get("act") == "post":
        try:
            need = post_need(form.said(), form_id=form.form_id.data or "", by=user)
        except TooManyNeeds:
            form.form_errors.append(
                _(
                    "%(most)d needs of this organisation were posted within a day. Post this one tomorrow.",
                    most=MOST_IN_DAY,
                )
            )
            return _page(form, None)
        _look(need.id)
        return _posted(need)
    return _page(form, None)


@bp.get("/manage/needs")
@allow(signed_in)
def own_needs() -> ResponseReturnValue:
    """Those of the organisations that the user edits, in any state."""
    found, total = needs_of(me() or abort(401), asked_page())
    return render_template("needs/own.html", needs=found, pages=pages_of(total, PER_PAGE))


@bp.route(f"/needs/<{ID}:need_id>/edit", methods=["GET", "POST"])
@allow(signed_in)
def edit_need(need_id: int) -> ResponseReturnValue:
    user = me() or abort(401)
    need = need_for(need_id)
    organisations = _organisations(user, need.organisation_id)
    form = NeedForm.of(need, organisations, networks_of(list(organisations)))
    if form.validate_on_submit() and request.form.get("act") == "post":
        try:
            change_need(need, form.said(), version=as_id(form.version.data or ""), by=user)
        except ChangedMeanwhile:
            form.form_errors.append(
                _("Somebody has changed this need meanwhile. Look at its page, then save yours if it still fits.")
            )
            form.version.data = str(need.version)
            return _page(form, need)
        _look(need.id)
        return _posted(need)
    return _page(form, need)


def need_for(need_id: int) -> PublicNeed:
    """The need, if the user may change it: 404 for one that they may not even see, 403 for others."""
    need = need_called(need_id, to_change=request.method == "POST")
    if need is None or not may_change_need(me(), need):
        abort(404 if need is None or need.state not in (NeedState.OPEN, NeedState.MET) else 403)
    return need


def _organisations(user: User, asked: int) -> dict[int, str]:
    """Those that the user may post for; for the desk, which may for all, the one that is asked for."""
    found = organisations_to_post_for(user)
    listing = listing_to_read(asked) if asked and asked not in found else None
    if listing is not None and _may_post_for(user, listing):
        found[listing.id] = listing.name
    return found


def _may_post_for(user: User, listing: Listing) -> bool:
    return listing.kind == Kind.ORGANISATION and listing.status == Status.PUBLISHED and may_edit(user, listing)


def _page(form: NeedForm, need: PublicNeed | None) -> tuple[str, int]:
    preview = None if form.errors or request.method == "GET" else _found(form)
    page = render_template("needs/edit.html", form=form, need=need, preview=preview)
    return page, 422 if form.errors else 200


def _found(form: NeedForm) -> list[Card]:
    """What would be found. Nobody waits for the search."""
    said = form.said()
    with letting_others_write():
        return likeliest(Wanted(said.title, said.text, said.place, said.organisation_id))


def _look(need_id: int) -> None:
    """The need is stored: whatever goes wrong here, the worker looks again within the hour."""
    try:
        match_need(need_id)
        tell_of_need(need_id)
    except Exception:  # of the search engine too: who posted the need is told that it is stored
        db.session.rollback()
        log.exception("public need %s not matched yet", need_id)


def _posted(need: PublicNeed) -> ResponseReturnValue:
    if need.state == NeedState.WAITING:
        flash(_("Saved. The desk looks at it before anybody else reads it; you get a letter."))
    else:
        flash(_("Published."))
    return redirect(need.path, 303)
