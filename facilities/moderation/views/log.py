"""What the desk decided."""

import sqlalchemy as sa
from flask import abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from facilities.access import allow, anyone, moderators
from facilities.db import db
from facilities.moderation.models import Decision, DecisionAct
from facilities.moderation.preferences import preferences
from facilities.moderation.views import bp
from facilities.paging import asked_page, pages_of

PAGE = 50
UNTOLD = (
    DecisionAct.CLAIM_ACCEPTED,
    DecisionAct.CLAIM_REJECTED,
    DecisionAct.ENQUIRY_RELEASED,
    DecisionAct.ENQUIRY_SPAM,
    DecisionAct.SENDER_BLOCKED,
    DecisionAct.SENDER_UNBLOCKED,
    DecisionAct.NEED_APPROVED,
    DecisionAct.NEED_DROPPED,
)
"""Acts that are about a person as much as about a listing: the public log leaves them out."""


@bp.get("/decisions")
@allow(anyone)
def decisions() -> ResponseReturnValue:
    """The public log: listing, act, day and public note; never a name or a reason."""
    if not preferences().decisions_public:
        abort(404)
    told = Decision.act.not_in(UNTOLD)
    return render_template("moderation/decisions.html", decisions=_page(told), pages=_pages(told))


@bp.get("/moderate/log")
@allow(moderators)
def log() -> ResponseReturnValue:
    return render_template("moderate/log.html", decisions=_page(sa.true()), pages=_pages(sa.true()))


def _page(which: sa.ColumnElement[bool]) -> list[Decision]:
    query = sa.select(Decision).where(which).order_by(Decision.id.desc()).options(joinedload(Decision.listing))
    return list(db.session.scalars(query.limit(PAGE).offset((asked_page() - 1) * PAGE)))


def _pages(which: sa.ColumnElement[bool]) -> object:
    return pages_of(db.session.scalar(sa.select(sa.func.count(Decision.id)).where(which)) or 0, PAGE)
