"""Enquiries that look like spam, and senders whose enquiries always do."""

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from facilities.access import allow, me, moderators
from facilities.accounts.models import User
from facilities.db import ID, as_id, db
from facilities.enquiries.models import BlockedSender, Enquiry
from facilities.enquiries.needs.matching import match_need
from facilities.enquiries.spam.deciding import block_sender, block_sender_of, confirm_spam, release, unblock_sender
from facilities.enquiries.spam.queries import PER_PAGE, Shelf, enquiry_to_judge, held_on, numbers, shelf_of
from facilities.enquiries.spam.senders import blocked_senders
from facilities.enquiries.summary import request_lines
from facilities.moderation.forms.senders import BlockForm
from facilities.moderation.queues import Queue, held_enquiries, position_of
from facilities.moderation.views import bp
from facilities.paging import asked_page, pages_of

ACTS = ("release", "spam", "block", "block_domain")
Blocked = dict[str, bool]
"""The senders that were to be blocked, and whether each was not blocked before."""


@bp.get("/moderate/held")
@allow(moderators)
def held() -> ResponseReturnValue:
    shelf = next((each for each in Shelf if each == request.args.get("show")), Shelf.HELD)
    counted = numbers()
    return render_template(
        "moderate/held/list.html",
        queue=Queue.HELD,
        shelf=shelf,
        counted=counted,
        enquiries=held_on(shelf, asked_page()),
        pages=pages_of(counted[shelf], PER_PAGE),
    )


@bp.post("/moderate/held")
@allow(moderators)
def judge_held() -> ResponseReturnValue:
    """Do the same with all that were ticked, each in a transaction of its own."""
    act = next((each for each in ACTS if each == request.form.get("act")), None)
    ticked = list(dict.fromkeys(map(as_id, request.form.getlist("enquiry"))))[:PER_PAGE]
    shelf = next((each for each in Shelf if each == request.form.get("show")), Shelf.HELD)
    back = "/moderate/held" if shelf == Shelf.HELD else f"/moderate/held?show={shelf.value}"
    if not ticked and act is not None:
        flash(_("Tick at least one enquiry."), "warning")
    elif act is not None:
        blocked: Blocked = {}
        _tell(act, sum(_judge(each, act, blocked) for each in ticked), len(ticked))
        _tell_of_blocks(act, blocked)
    return redirect(_next_case() or back, 303)


@bp.get(f"/moderate/held/<{ID}:enquiry_id>")
@allow(moderators)
def held_enquiry(enquiry_id: int) -> ResponseReturnValue:
    enquiry = enquiry_to_judge(enquiry_id) or abort(404)
    shelf = shelf_of(enquiry) or abort(404)
    return render_template(
        "moderate/held/one.html",
        queue=Queue.HELD,
        shelf=shelf,
        enquiry=enquiry,
        asked=request_lines(enquiry),
        position=position_of(held_enquiries(), enquiry.id),
    )


@bp.route("/moderate/blocked-senders", methods=["GET", "POST"])
@allow(moderators)
def blocked() -> ResponseReturnValue:
    form = BlockForm()
    if form.validate_on_submit():
        if block_sender(form.pattern.data, by=_user(), why=form.why.data):
            flash(_("Enquiries from %(sender)s are held from now on.", sender=form.pattern.data))
        else:
            flash(_("%(sender)s is blocked already.", sender=form.pattern.data), "warning")
        return redirect("/moderate/blocked-senders", 303)
    page = render_template("moderate/held/blocked.html", form=form, blocked=blocked_senders())
    return page, 422 if form.errors else 200


@bp.post(f"/moderate/blocked-senders/<{ID}:blocked_id>/remove")
@allow(moderators)
def unblock(blocked_id: int) -> ResponseReturnValue:
    sender = db.session.get(BlockedSender, blocked_id)
    if sender is not None:
        unblock_sender(sender, by=_user())
        flash(_("Enquiries from %(sender)s are no longer held for that.", sender=sender.pattern))
    return redirect("/moderate/blocked-senders", 303)


def _judge(enquiry_id: int, act: str, blocked: Blocked) -> bool:
    """Whether there was still something to decide."""
    enquiry = enquiry_to_judge(enquiry_id, to_change=True)
    if enquiry is None or shelf_of(enquiry) is None:
        db.session.rollback()
        return False
    if act == "release":
        release(enquiry, by=_user())
        match_need(enquiry.id)
    else:
        _keep_back(enquiry, act, blocked)
    return True


def _keep_back(enquiry: Enquiry, act: str, blocked: Blocked) -> None:
    confirm_spam(enquiry, by=_user())
    if act in ("block", "block_domain"):
        pattern, new = block_sender_of(enquiry, whole_domain=act == "block_domain", by=_user())
        blocked.setdefault(pattern, new)


def _tell_of_blocks(act: str, blocked: Blocked) -> None:
    """Who is blocked from now on, and why it is an address where the domain was to be."""
    for pattern, new in blocked.items():
        if new:
            flash(_("Enquiries from %(sender)s are held from now on.", sender=pattern))
        else:
            flash(_("%(sender)s is blocked already.", sender=pattern), "warning")
        if act == "block_domain" and not pattern.startswith("@"):
            domain = pattern.rpartition("@")[2]
            flash(_("Anybody may have an address at %(domain)s: the domain itself is not blocked.", domain=domain))


def _tell(act: str, done: int, ticked: int) -> None:
    if done and act == "release":
        flash(ngettext("%(num)d enquiry sent on.", "%(num)d enquiries sent on.", done))
    elif done:
        flash(ngettext("%(num)d enquiry kept back as spam.", "%(num)d enquiries kept back as spam.", done))
    if done < ticked:
        flash(_("A colleague has decided about some of them already."), "warning")


def _next_case() -> str:
    """To the next held enquiry, for whoever decides one by one."""
    following = as_id(request.form.get("next", ""))
    return f"/moderate/held/{following}" if following else ""


def _user() -> User:
    return me() or abort(401)
