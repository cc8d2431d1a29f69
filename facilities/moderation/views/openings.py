"""Which enquiries the desk opened that are not its own, who did and when."""

import sqlalchemy as sa
from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from facilities.access import allow, moderators
from facilities.db import db
from facilities.enquiries.models import Enquiry, Thread, ThreadOpening
from facilities.moderation.views import bp
from facilities.paging import asked_page, pages_of

PAGE = 50


@bp.get("/moderate/openings")
@allow(moderators)
def openings() -> ResponseReturnValue:
    """The newest first."""
    total = db.session.scalar(sa.select(sa.func.count(ThreadOpening.id))) or 0
    return render_template("moderate/openings.html", openings=_page(), pages=pages_of(total, PAGE))


def _page() -> list[ThreadOpening]:
    whole = joinedload(ThreadOpening.thread).joinedload(Thread.enquiry)
    whole = whole.selectinload(Enquiry.threads).joinedload(Thread.listing)
    query = sa.select(ThreadOpening).order_by(ThreadOpening.id.desc()).options(whole)
    return list(db.session.scalars(query.limit(PAGE).offset((asked_page() - 1) * PAGE)))
