"""Applications for membership as what a person has written: to be given to them, and to be forgotten."""

import logging
from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from facilities.accounts.models import User
from facilities.catalogue.models.parts import Actor
from facilities.db import db, now, writing
from facilities.enquiries.keeping.emptying import blank
from facilities.enquiries.keeping.retention import MONTH
from facilities.networks.changing import note
from facilities.networks.letters import private_path
from facilities.networks.models import Application, ApplicationState, NetworkAct
from facilities.outbox.models import StoredLetter

log = logging.getLogger(__name__)

TO_APPLICANT = ("application_received", "application_decided")
TO_DESK = ("application_new", "application_waiting")
DECISIONS = ("application_accepted", "application_declined")
MOST_IN_ROUND = 500
"""Applications of one round: a site that turns this on after years does not hold up its worker."""


def applicant_is(user: User) -> sa.ColumnElement[bool]:
    """Applications sent from the account, and from its address if that is known to be the user's own."""
    own = Application.user_id == user.id
    if user.confirmed_at is None:
        return own
    return sa.or_(own, _sent_from(user.email))


def forget_applicant(user: User, nobody: str) -> None:
    """Take the person out of their applications: those that wait are withdrawn; of all only the organisation stays. The
    caller commits."""
    for application in db.session.scalars(sa.select(Application).where(applicant_is(user))):
        _empty(application, now())
        application.contact_name = nobody


def applications_from(email: str) -> int:
    """How many applications from an address still name the person."""
    own = sa.select(sa.func.count()).select_from(Application).where(_sent_from(email))
    return db.session.scalar(own) or 0


def erase_applications_from(email: str) -> int:
    """Take the person out of every application from an address, however it is capitalised; gives their number."""
    writing()
    found = db.session.scalars(sa.select(Application).where(_sent_from(email)).with_for_update()).all()
    for application in found:
        _empty(application, now())
    db.session.commit()
    return len(found)


def empty_old_applications(*, at: datetime | None = None) -> int:
    """Take the person out of every application that was decided, withdrawn or left undecided more than ENQUIRY_MONTHS
    ago; gives their number."""
    months, at = current_app.config["ENQUIRY_MONTHS"], at or now()
    if not months:
        return 0
    writing()
    last = sa.func.coalesce(Application.decided_at, Application.applied_at)
    old = sa.select(Application).where(last < at - months * MONTH, Application.emptied_at.is_(None))
    found = db.session.scalars(old.order_by(Application.id).limit(MOST_IN_ROUND).with_for_update()).all()
    for application in found:
        _empty(application, at)
    _blank_reasons(NetworkAct.made_at < at - months * MONTH)
    db.session.commit()
    if found:
        log.info("emptied %s applications for membership older than %s months", len(found), months)
    return len(found)


def _empty(application: Application, at: datetime) -> None:
    """Network, organisation, state and dates stay; who wrote, what was written and the letters about it go."""
    if application.state == ApplicationState.WAITING:
        application.state, application.decided_at = ApplicationState.WITHDRAWN, at
        note(application.network, "application_withdrawn", by=Actor(application.name[:120]), about=application.name)
    db.session.flush()
    blank(_letters_about(application), at)
    _blank_reasons(NetworkAct.network_id == application.network_id, NetworkAct.about == application.name)
    application.contact_name, application.contact_email, application.user_id = "", "", None
    application.message, application.reason, application.emptied_at = "", "", at


def _blank_reasons(*which: sa.ColumnElement[bool]) -> None:
    """Take words to applicants out of networks' logs, which once held them beside the applications."""
    decisions = sa.and_(NetworkAct.what.in_(DECISIONS), NetworkAct.reason != "", *which)
    db.session.execute(sa.update(NetworkAct).where(decisions).values(reason=""))


def _letters_about(application: Application) -> sa.ColumnElement[bool]:
    """Those that wait tell the link; those that were sent only whom they went to. The desk's link is known by the
    application's number: it says what the network was called in its address when the letter was written."""
    link = StoredLetter.text.contains(f"{private_path(application)}\n", autoescape=True)
    own = sa.and_(
        StoredLetter.name.in_(TO_APPLICANT),
        StoredLetter.to == application.contact_email,
        sa.or_(StoredLetter.sent_at.is_not(None), link),
    )
    told = StoredLetter.text.contains(f"/applications/{application.id}\n", autoescape=True)
    return sa.or_(own, sa.and_(StoredLetter.name.in_(TO_DESK), told))


def _sent_from(email: str) -> sa.ColumnElement[bool]:
    own = sa.func.lower(Application.contact_email) == email.strip().lower()
    return sa.and_(own, Application.contact_email != "")
