"""The owner's listings."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from facilities.access import allow, listing_for, signed_in
from facilities.accounts.rights import Level, may_edit, may_see_history, may_withdraw_some
from facilities.catalogue.actions import confirm_listings
from facilities.catalogue.models import Kind, Status
from facilities.db import ID
from facilities.manage.forms.life import SeveralForm
from facilities.manage.life import owned_to_change, owned_with_below_to_change, withdraw_several
from facilities.manage.queries import (
    NEEDS,
    PER_PAGE,
    SORTS,
    Wanted,
    has_listings,
    listing_lines,
    owned_ids,
)
from facilities.manage.views import bp
from facilities.manage.views.home import back_to, chosen, tell_confirmed, user
from facilities.moderation.decisions import note_act_of_desk
from facilities.moderation.models import DecisionAct
from facilities.paging import asked_page, pages_of

NEEDS_LABELS: dict[str, LazyString] = {
    "confirm": _l("To be confirmed"),
    "waiting": _l("Waiting for a decision"),
    "sent_back": _l("Sent back"),
    "missing": _l("Much is missing"),
    "links": _l("Broken links"),
    "ended": _l("Offers that ended"),
    "withdrawal": _l("Withdrawal planned"),
}
SORT_LABELS: dict[str, LazyString] = {
    "name": _l("Name"),
    "complete": _l("Complete"),
    "confirmed": _l("Last confirmed"),
    "updated": _l("Last changed"),
}


@bp.route("/listings")
@allow(signed_in)
def listings() -> ResponseReturnValue:
    """The listings that the user may edit; for the desk all."""
    ids, wanted = owned_ids(user()), asked_for()
    lines, total = listing_lines(ids, wanted, asked_page())
    return render_template(
        "manage/listings.html",
        lines=lines,
        total=total,
        pages=pages_of(total, PER_PAGE),
        wanted=wanted,
        owns=user().is_moderator or has_listings(user()),
        may_withdraw=may_withdraw_some(user()),
        needs=NEEDS_LABELS,
        statuses=[status for status in Status if status != Status.MERGED],
        heads=[(name, label, _sort_url(wanted, name)) for name, label in SORT_LABELS.items()],
        here=request.full_path.rstrip("?"),
    )


@bp.route(f"/listings/<{ID}:listing_id>")
@allow(signed_in)
def listing_hub(listing_id: int) -> ResponseReturnValue:
    """The short address of a listing among the owners' pages: its form, or its history where it can only be read."""
    listing = listing_for(listing_id, may_see_history)
    page = "edit" if may_edit(user(), listing) else "history"
    return redirect(f"/manage/listings/{listing_id}/{page}", 303)


@bp.route("/listings/several", methods=["POST"])
@allow(signed_in)
def several() -> ResponseReturnValue:
    """Do one thing with all ticked listings: confirm, export, withdraw."""
    act, ids = request.form.get("act", ""), chosen()
    if not ids:
        flash(_("Tick the listings first."), "warning")
        return redirect(back_to("/manage/listings"), 303)
    if act == "confirm":
        return _confirm(ids)
    if act == "export":
        return redirect("/manage/export?" + urlencode([("listing", each) for each in ids]), 303)
    return _withdraw(ids)


def _confirm(ids: list[int]) -> ResponseReturnValue:
    confirmed = owned_to_change(user(), ids, Level.EDITOR)
    confirm_listings(confirmed, by=user().actor)
    tell_confirmed(len(confirmed))
    return redirect(back_to("/manage/listings"), 303)


def _withdraw(ids: list[int]) -> ResponseReturnValue:
    """Ask for the reason first, naming what will go; then withdraw."""
    listings, decided = owned_with_below_to_change(user(), ids), request.form.get("act") == "withdraw_now"
    if not listings:
        flash(_("None of these can be withdrawn by you: choose published listings whose manager you are."), "warning")
        return redirect(back_to("/manage/listings"), 303)
    form = SeveralForm() if decided else SeveralForm(formdata=None)
    ticked = [listing for listing in listings if listing.id in ids]
    if decided and form.validate():
        for listing in ticked:
            note_act_of_desk(listing, DecisionAct.WITHDRAWN, by=user(), reason=form.reason.data)
        withdraw_several(listings, reason=form.reason.data, by=user().actor)
        flash(ngettext("One listing withdrawn.", "%(num)d listings withdrawn.", len(listings)))
        return redirect("/manage/listings", 303)
    page = render_template(
        "manage/withdraw_several.html",
        form=form,
        ticked=ticked,
        below=len(listings) - len(ticked),
        left=len(ids) - len(ticked),
    )
    return page, 422 if form.errors else 200


def asked_for() -> Wanted:
    """What the address asks of the list; unknown words are left out."""
    args = request.args
    return Wanted(
        text=" ".join(args.get("q", "").split())[:200],
        kind=next((kind for kind in Kind if kind == args.get("kind")), None),
        status=next((status for status in Status if status == args.get("status")), None),
        needs=args.get("needs", "") if args.get("needs") in NEEDS else "",
        sort=args.get("sort", "name") if args.get("sort") in SORTS else "name",
        down=args.get("down") == "1",
    )


def _sort_url(wanted: Wanted, sort: str) -> str:
    """The list sorted by something else, or the other way round where it is sorted so already."""
    return url_of(replace(wanted, sort=sort, down=wanted.sort == sort and not wanted.down))


def url_of(wanted: Wanted) -> str:
    """The address of the list that asks for this."""
    said = {
        "q": wanted.text,
        "kind": wanted.kind,
        "status": wanted.status,
        "needs": wanted.needs,
        "sort": wanted.sort if wanted.sort != "name" else "",
        "down": "1" if wanted.down else "",
    }
    query = urlencode({name: str(value) for name, value in said.items() if value})
    return "/manage/listings" + (f"?{query}" if query else "")
