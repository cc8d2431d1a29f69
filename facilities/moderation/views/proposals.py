"""Deciding about one new or changed listing: managers about those of their organisation, the desk about all."""

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from facilities.access import allow, listing_for, me, signed_in
from facilities.accounts.models import User
from facilities.accounts.rights import may_publish
from facilities.catalogue.models import Listing, Status
from facilities.db import ID, db
from facilities.moderation.decisions import Case, NothingWaits, accept, case_of, reject, send_back
from facilities.moderation.forms.correcting import correctable, corrected, corrections_form
from facilities.moderation.forms.deciding import MarkForm, ReturnForm
from facilities.moderation.preferences import preferences
from facilities.moderation.queues import Queue, position_of, waiting_for
from facilities.moderation.reading import overtaken_lines, proposed_lines, warnings_of
from facilities.moderation.views import bp

RETURNS = {"send_back": send_back, "reject": reject}


@bp.route(f"/manage/reviews/<{ID}:listing_id>", methods=["GET", "POST"])
@allow(signed_in)
def review(listing_id: int) -> ResponseReturnValue:
    listing, user = listing_for(listing_id, may_publish), _user()
    form = ReturnForm()
    case = _case(listing, form)
    if case is None:
        return _decided_already(listing, user)
    act = request.form.get("act", "")
    after = _next(listing, user) if act else ""
    if act == "accept" and not form.form_errors and _accepted(case, form, user):
        flash(_("Accepted: %(name)s", name=listing.name))
        return redirect(after, 303)
    if act in RETURNS and not form.form_errors and form.validate_on_submit():
        RETURNS[act](case, reason=form.whole_reason, by=user, public_note=form.public_note.data or "")
        said = _("Sent back: %(name)s") if act == "send_back" else _("Rejected: %(name)s")
        flash(said % {"name": listing.name})
        return redirect(after, 303)
    return _page(case, form, user), _code(form)


@bp.route(f"/manage/reviews/<{ID}:listing_id>/edit", methods=["GET", "POST"])
@allow(signed_in)
def edit_and_accept(listing_id: int) -> ResponseReturnValue:
    """Put proposed texts right and accept them. A new listing is put right in its own form."""
    listing, user = listing_for(listing_id, may_publish), _user()
    try:
        case = case_of(listing)
    except NothingWaits:
        return _decided_already(listing, user)
    if not correctable(case) or case.proposal is None:
        return redirect(f"/manage/reviews/{listing.id}/sections", 303)
    form = corrections_form(case)
    if request.method == "POST":
        _check_seen(case, form)
        after = _next(listing, user)
        wanted = request.form.get("act") == "accept" and not form.form_errors
        if wanted and form.validate() and _accepted(case, form, user, corrected(case, form)):
            flash(_("Accepted with changes: %(name)s", name=listing.name))
            return redirect(after, 303)
    page = render_template("moderate/correct.html", case=case, listing=listing, form=form, queue=_queue(listing))
    return page, _code(form)


def _case(listing: Listing, form: ReturnForm) -> Case | None:
    """What waits; with an error on the form if it is not what was looked at."""
    try:
        case = case_of(listing)
    except NothingWaits:
        return None
    if request.method == "POST":
        _check_seen(case, form)
    form.mark.data = case.mark
    return case


def _check_seen(case: Case, form: MarkForm) -> None:
    if form.mark.data != case.mark:
        form.form_errors.append(_("It has been changed while you looked at it. Look again, then decide."))
        form.mark.data = case.mark


def _accepted(case: Case, form: MarkForm, user: User, edited: dict[str, object] | None = None) -> bool:
    """Accept; False with the reason on the form if the database says that it cannot be."""
    try:
        accept(case, by=user, edited=edited)
    except IntegrityError:
        db.session.rollback()
        form.form_errors.append(_("Another listing has the same ROR. Merge the two, or send this one back."))
        return False
    return True


def _page(case: Case, form: ReturnForm, user: User) -> str:
    queue = _queue(case.listing)
    return render_template(
        "moderate/review.html",
        case=case,
        listing=case.listing,
        form=form,
        queue=queue,
        lines=proposed_lines(case),
        overtaken=overtaken_lines(case),
        warnings=warnings_of(case),
        position=position_of(waiting_for(user, queue, everything=_everything(user, case.listing)), case.listing.id),
        correctable=bool(case.proposal and correctable(case)),
        log_is_public=preferences().decisions_public,
    )


def _code(form: MarkForm) -> int:
    return 422 if form.errors or form.form_errors else 200


def _queue(listing: Listing) -> Queue:
    return Queue.NEW if listing.status == Status.IN_REVIEW else Queue.CHANGED


def _everything(user: User, listing: Listing) -> bool:
    """Whether the desk looks at what a manager is to decide: then its neighbours are everything that waits."""
    return user.is_moderator and position_of(waiting_for(user, _queue(listing)), listing.id) is None


def _next(listing: Listing, user: User) -> str:
    """Where to go on after this decision: to what waits next, or back to the queue when nothing does."""
    queue = _queue(listing)
    position = position_of(waiting_for(user, queue, everything=_everything(user, listing)), listing.id)
    other = (position.next or position.previous) if position else None
    return f"/manage/reviews/{other}" if other else queue_url(queue, user)


def queue_url(queue: Queue, user: User) -> str:
    """The page of a queue, for the desk or for a manager."""
    return f"/moderate/queues/{queue.value}" if user.is_moderator else f"/manage/reviews?queue={queue.value}"


def _decided_already(listing: Listing, user: User) -> ResponseReturnValue:
    flash(_("Nothing waits for a decision at “%(name)s” any more.", name=listing.name), "warning")
    return redirect(queue_url(Queue.CHANGED if listing.status == Status.PUBLISHED else Queue.NEW, user), 303)


def _user() -> User:
    return me() or abort(401)
