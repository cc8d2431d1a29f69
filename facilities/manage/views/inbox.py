"""Enquiries that came to the owner's listings."""

import sqlalchemy as sa
from flask import render_template
from flask.typing import ResponseReturnValue

from facilities.access import allow, signed_in
from facilities.accounts.rights import Level
from facilities.catalogue.models import LISTINGS
from facilities.db import db
from facilities.manage.inbox import PER_PAGE, count_enquiries, enquiries_to
from facilities.manage.paging import asked_page, pages_of
from facilities.manage.queries import has_listings, owned_ids
from facilities.manage.views import bp
from facilities.manage.views.home import user


@bp.route("/enquiries")
@allow(signed_in)
def enquiries() -> ResponseReturnValue:
    """Enquiries to the listings whose manager the user is, the newest first."""
    led = owned_ids(user(), Level.MANAGER)
    found, total = enquiries_to(led, asked_page()), count_enquiries(led)
    asked = {each.listing_id for enquiry in found for each in enquiry.recipients}
    ours = set(db.session.scalars(sa.select(LISTINGS.c.id).where(LISTINGS.c.id.in_(asked), LISTINGS.c.id.in_(led))))
    return render_template(
        "manage/enquiries.html", enquiries=found, total=total, ours=ours, pages=pages_of(total, PER_PAGE),
        owns=has_listings(user()),
    )  # fmt: skip
