"""Reports of listings that are outdated or wrong: taken from anyone, settled by the desk."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from facilities.accounts.models import User
from facilities.catalogue.models import Listing
from facilities.db import db, now
from facilities.moderation import letters
from facilities.moderation.decisions import note_decision
from facilities.moderation.models import CaseState, DecisionAct, Report, ReportReason
from facilities.moderation.teams import managers_of

SAME_WITHIN = timedelta(hours=1)
"""The same words about the same listing within this time are one report: somebody went back and sent it once more."""

LETTER_EVERY = timedelta(days=1)
"""Managers get one letter about a listing in this time, however many reports there are."""

MOST_OPEN = 100
"""Reports of one listing that wait. Further ones say nothing new and are let go."""


def report_listing(
    listing: Listing, reason: ReportReason, message: str, *, email: str, locale: str, at: datetime | None = None
) -> None:
    """Store a visitor's report and tell the listing's managers."""
    at = at or now()
    before = _reports_of(listing)
    if _said_already(before, reason, message, at) or sum(each.state == CaseState.OPEN for each in before) >= MOST_OPEN:
        return
    report = Report(
        listing=listing,
        reason=reason,
        message=message,
        email=email,
        locale=locale,
        state=CaseState.OPEN,
        reported_at=at,
    )
    db.session.add(report)
    if not any(each.reported_at > at - LETTER_EVERY for each in before):
        for manager in managers_of(listing):
            letters.reported(manager, report)
    db.session.commit()


def settle_report(report: Report, *, right: bool, answer: str, by: User, public_note: str = "") -> None:
    """Close a report with a letter to whoever left an address. `right` if there was something to put right."""
    report.state = CaseState.ACCEPTED if right else CaseState.REJECTED
    report.answer, report.decided_by, report.decided_at = answer, by.actor.name, now()
    act = DecisionAct.REPORT_ACCEPTED if right else DecisionAct.REPORT_REJECTED
    note_decision(report.listing, act, reason=answer, public_note=public_note, by=by)
    letters.report_settled(report)
    db.session.commit()


def _reports_of(listing: Listing) -> list[Report]:
    """The newest reports of a listing, as many as matter here."""
    query = sa.select(Report).where(Report.listing_id == listing.id).order_by(Report.id.desc()).limit(MOST_OPEN * 2)
    return list(db.session.scalars(query))


def _said_already(before: list[Report], reason: ReportReason, message: str, at: datetime) -> bool:
    same = (reason, message)
    return any((each.reason, each.message) == same and each.reported_at > at - SAME_WITHIN for each in before)
