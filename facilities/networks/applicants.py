"""Applications for membership as what a person has written: to be given to them, and to be forgotten."""

import sqlalchemy as sa

from facilities.accounts.models import User
from facilities.db import db, now
from facilities.networks.models import Application, ApplicationState


def applicant_is(user: User) -> sa.ColumnElement[bool]:
    """Applications sent from the account, and from its address if that is known to be the user's own."""
    own = Application.user_id == user.id
    if user.confirmed_at is None:
        return own
    return sa.or_(own, sa.func.lower(Application.contact_email) == user.email.lower())


def forget_applicant(user: User, nobody: str) -> None:
    """Take the person out of their applications: those that wait are withdrawn; of all only the organisation stays. The
    caller commits."""
    for application in db.session.scalars(sa.select(Application).where(applicant_is(user))):
        if application.state == ApplicationState.WAITING:
            application.state, application.decided_at = ApplicationState.WITHDRAWN, now()
        application.contact_name, application.contact_email = nobody, ""
        application.message, application.user_id = "", None
