"""Telling the desk that a listing is wrong, and what the desk makes of it."""

from flask import abort, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from facilities.access import allow, anyone, listing_for, me, moderators
from facilities.accounts.limits import address_block, within
from facilities.accounts.models import User
from facilities.catalogue.models import Listing, Status
from facilities.db import ID, db
from facilities.moderation.forms.deciding import AnswerForm
from facilities.moderation.forms.public import ReportForm
from facilities.moderation.models import CaseState, Report
from facilities.moderation.preferences import preferences
from facilities.moderation.queues import Queue, position_of, waiting_for
from facilities.moderation.reporting import report_listing, settle_report
from facilities.moderation.views import bp

REPORTS_FROM_ADDRESS = "20 per hour; 60 per day"


@bp.route(f"/listings/<{ID}:listing_id>/report", methods=["GET", "POST"])
@allow(anyone)
def report(listing_id: int) -> ResponseReturnValue:
    listing = listing_for(listing_id, _public_or_404)
    form = ReportForm(secret=current_app.config["SECRET_KEY"])
    if request.method == "POST" and form.validate():
        if form.filled_by_robot:
            return _thanks(listing)
        if within(REPORTS_FROM_ADDRESS, "report", address_block()):
            reason = form.chosen_reason
            report_listing(
                listing, reason, form.message.data, email=form.email.data or "", locale=str(get_locale() or "en")
            )
            return redirect(f"/listings/{listing.id}/report/thanks", 303)
        form.form_errors.append(_("Many reports have come from your network. Try again in an hour."))
    page = render_template("moderation/report.html", listing=listing, form=form)
    return page, 422 if form.errors else 200


@bp.get(f"/listings/<{ID}:listing_id>/report/thanks")
@allow(anyone)
def report_thanks(listing_id: int) -> ResponseReturnValue:
    return _thanks(listing_for(listing_id, _public_or_404))


def _thanks(listing: Listing) -> ResponseReturnValue:
    return render_template("moderation/reported.html", listing=listing)


def _public_or_404(_user: User | None, listing: Listing) -> bool:
    """Reports are about what visitors read."""
    return listing.status == Status.PUBLISHED or abort(404)


@bp.route(f"/moderate/reports/<{ID}:report_id>", methods=["GET", "POST"])
@allow(moderators)
def report_case(report_id: int) -> ResponseReturnValue:
    found = _report(report_id) or abort(404)
    user = me() or abort(401)
    right = request.form.get("act") == "accept"
    form = AnswerForm(needs_answer=bool(found.email) and not right)
    position = position_of(waiting_for(user, Queue.REPORTED), found.id)
    if request.method == "POST" and found.state != CaseState.OPEN:
        flash(_("Somebody has settled this report already."), "warning")
        return redirect("/moderate/queues/reported", 303)
    if request.form.get("act") in ("accept", "reject") and form.validate_on_submit():
        settle_report(found, right=right, answer=form.answer.data, by=user, public_note=form.public_note.data or "")
        flash(_("Settled: %(name)s", name=found.listing.name))
        return redirect(
            f"/moderate/reports/{position.next}" if position and position.next else "/moderate/queues/reported", 303
        )
    page = render_template(
        "moderate/report.html",
        report=found,
        listing=found.listing,
        form=form,
        queue=Queue.REPORTED,
        position=position,
        log_is_public=preferences().decisions_public,
    )
    return page, 422 if form.errors else 200


def _report(report_id: int) -> Report | None:
    """The report with its listing; locked where it may be settled."""
    locked = request.method == "POST"
    loads = [joinedload(Report.listing)]
    if locked:
        db.session.get(Report, report_id, with_for_update={"of": Report}, populate_existing=True)
    return db.session.get(Report, report_id, options=loads)
