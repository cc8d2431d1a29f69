"""What needs the owner: the first page after signing in."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from facilities.access import allow, me, signed_in
from facilities.accounts.models import User
from facilities.accounts.rights import Level
from facilities.catalogue.actions import confirm_listings
from facilities.manage import needs
from facilities.manage.inbox import enquiries_waiting
from facilities.manage.life import MOST_AT_ONCE, owned_to_change
from facilities.manage.queries import Wanted, granted_ids, has_listings, owned_ids, wanted_ids
from facilities.manage.views import bp
from facilities.moderation.queues import counts_for


def user() -> User:
    """The user of a page that only users get to see."""
    found = me()
    assert found is not None
    return found


@bp.route("/")
@allow(signed_in)
def home() -> ResponseReturnValue:
    """What needs the user, the most urgent first; for someone without a listing, how to get one."""
    owner = user()
    waits = {"claims": needs.own_claims(owner), "proposals": needs.own_proposals(owner)}
    if not has_listings(owner):
        return render_template("manage/welcome.html", **waits, desk=owner.is_moderator)
    return render_template("manage/home.html", **_overview(owner), **waits)


def _overview(owner: User) -> dict[str, object]:
    ids, led = granted_ids(owner), granted_ids(owner, Level.MANAGER)
    return {
        "numbers": needs.numbers(ids),
        "to_confirm": needs.some(ids, Wanted(needs="confirm", sort="confirmed")),
        "sent_back": needs.sent_back(ids),
        "waiting": needs.some(ids, Wanted(needs="waiting", sort="updated")),
        "lost_contacts": needs.lost_contacts(ids),
        "broken_links": needs.broken_links(ids),
        "leaving": needs.leaving(led),
        "incomplete": needs.incomplete(ids),
        "claimed": needs.claims_on(led),
        "invited": needs.invitations_to(led),
        "enquiries": enquiries_waiting(owner),
        "to_review": 0 if owner.is_moderator else sum(counts_for(owner).values()),
        "few": needs.FEW,
    }


@bp.route("/confirm", methods=["POST"])
@allow(signed_in)
def confirm() -> ResponseReturnValue:
    """Confirm the chosen listings, or with `all` every one that is due."""
    owner = user()
    if "all" in request.form:
        ids = wanted_ids(owned_ids(owner), Wanted(needs="confirm"))
        confirmed = owned_to_change(owner, ids, Level.EDITOR)
    else:
        confirmed = owned_to_change(owner, chosen(), Level.EDITOR)
    confirm_listings(confirmed, by=owner.actor)
    tell_confirmed(len(confirmed))
    return redirect(back_to("/manage/"), 303)


def tell_confirmed(number: int) -> None:
    """Say how many listings were confirmed."""
    if not number:
        flash(_("Nothing was confirmed: choose at least one published listing of yours."), "warning")
        return
    words = ngettext("Confirmed. Thank you.", "%(num)d listings confirmed. Thank you.", number)
    more = " " + _("Press the button again for the others.") if number == MOST_AT_ONCE else ""
    flash(words + more)


def chosen() -> list[int]:
    """The ids of the listings ticked in the form, those that are numbers, MOST_AT_ONCE at the most."""
    ticked = [text for text in request.form.getlist("listing") if text.isascii() and text.isdigit() and len(text) < 10]
    return [int(text) for text in ticked[:MOST_AT_ONCE]]


def back_to(address: str) -> str:
    """The owners' page that the form was sent from; `address` if it names none."""
    back = request.form.get("back", "")
    inside = back == "/manage/" or back.startswith("/manage/listings")
    return back if inside and "\\" not in back and back.isprintable() else address


@bp.route("/team")
@allow(signed_in)
def teams() -> ResponseReturnValue:
    """The organisations and facilities whose teams the user may see."""
    owner = user()
    holders = needs.holders(owner)
    if len(holders) == 1:
        return redirect(f"/manage/listings/{holders[0].id}/team", 303)
    return render_template("manage/teams.html", holders=holders)
