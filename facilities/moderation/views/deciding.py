"""Deciding about several new or changed listings at once."""

from dataclasses import dataclass, field

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from facilities.access import allow, me, signed_in
from facilities.accounts.models import User
from facilities.accounts.rights import may_publish
from facilities.catalogue.queries.loading import listing_to_change
from facilities.db import as_id, db
from facilities.moderation.decisions import Case, ChangedMeanwhile, NothingWaits, accept, case_of, send_back
from facilities.moderation.forms.deciding import ReturnForm
from facilities.moderation.queues import REVIEWED, Queue
from facilities.moderation.views import bp
from facilities.moderation.views.proposals import queue_url
from facilities.moderation.views.queues import queue_page
from facilities.moderation.waiting import PAGE

SHOWN = 5
"""Names of listings that a message holds."""


@dataclass
class Outcome:
    """The names of the listings that were decided about, and those left with the reason."""

    done: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)


@bp.post("/manage/reviews")
@allow(signed_in)
def decide_together() -> ResponseReturnValue:
    """Accept, or send back with one reason, all that were ticked: each in a transaction of its own."""
    user = me() or abort(401)
    queue = next((each for each in REVIEWED if each == request.form.get("queue")), None) or abort(400)
    form, act, back = ReturnForm(), request.form.get("act"), _back(queue, user)
    ticked = list(dict.fromkeys(request.form.getlist("listing")))[:PAGE]
    if not ticked:
        flash(_("Tick at least one listing."), "warning")
        return redirect(back, 303)
    if act == "send_back" and not form.validate_on_submit():
        return queue_page(queue, user, form, 422)
    if act not in ("accept", "send_back"):
        return redirect(back, 303)
    outcome = Outcome()
    for each in ticked:
        _decide(each, form if act == "send_back" else None, user, outcome)
    _tell(outcome, accepted=act == "accept")
    return redirect(back, 303)


def _back(queue: Queue, user: User) -> str:
    """To the queue, as it was looked at."""
    everything = user.is_moderator and request.form.get("whose") == "all"
    return queue_url(queue, user) + ("?whose=all" if everything else "")


def _decide(ticked: str, form: ReturnForm | None, user: User, outcome: Outcome) -> None:
    """One of the ticked ones: `<listing id>@<mark>`."""
    listing_id, _at, seen = ticked.partition("@")
    listing = listing_to_change(as_id(listing_id))
    if listing is None or not may_publish(user, listing):
        db.session.rollback()
        return
    name = listing.name
    try:
        case = case_of(listing, seen=seen)
        if form is not None:
            send_back(case, reason=form.whole_reason, by=user, public_note=form.public_note.data or "")
        else:
            _accept(case, user)
    except LEAVE as problem:
        db.session.rollback()
        outcome.left.append((name, str(WHY[type(problem)])))
    else:
        outcome.done.append(name)


class Overtaken(Exception):
    """Somebody else has changed a proposed field since: a person has to look at it."""


def _accept(case: Case, user: User) -> None:
    if case.overtaken:
        raise Overtaken(case.listing.id)
    accept(case, by=user)


WHY = {
    NothingWaits: _l("nothing waits there any more"),
    ChangedMeanwhile: _l("changed while you looked at it"),
    StaleDataError: _l("changed while you looked at it"),
    Overtaken: _l("somebody else has changed the same fields since"),
    IntegrityError: _l("another listing has the same ROR"),
}


LEAVE = (NothingWaits, ChangedMeanwhile, StaleDataError, Overtaken, IntegrityError)


def _tell(outcome: Outcome, *, accepted: bool) -> None:
    """Say what was done, and what was not and why."""
    number = len(outcome.done)
    if number and accepted:
        flash(ngettext("%(num)d listing accepted.", "%(num)d listings accepted.", number))
    elif number:
        flash(ngettext("%(num)d listing sent back.", "%(num)d listings sent back.", number))
    if outcome.left:
        named = "; ".join(f"{name} ({why})" for name, why in outcome.left[:SHOWN])
        more = " …" if len(outcome.left) > SHOWN else ""
        flash(_("Left as they are, look at each: %(listings)s", listings=named + more), "warning")
