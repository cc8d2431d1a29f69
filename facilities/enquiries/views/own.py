"""What the user who is signed in has asked with the address of the account, opened without a private link."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from facilities.access import allow, me, signed_in
from facilities.db import ID, db, now, writing
from facilities.enquiries.models import Enquiry, link_end
from facilities.enquiries.queries import enquiries_of
from facilities.enquiries.requesting import asked_by, note_verified
from facilities.enquiries.views.private import private_redirect

own_bp = Blueprint("own_enquiries", __name__, url_prefix="/account/enquiries")


@own_bp.get("")
@allow(signed_in)
def own() -> ResponseReturnValue:
    user = me()
    confirmed = user is not None and user.confirmed_at is not None
    return render_template("enquiries/own.html", enquiries=enquiries_of(user.email) if user and confirmed else [])


@own_bp.get(f"/<{ID}:enquiry_id>")
@allow(signed_in)
def open_own(enquiry_id: int) -> ResponseReturnValue:
    """To the private page, whose link is made to last on if it has expired. 404 for what somebody else has asked."""
    enquiry = db.session.get(Enquiry, enquiry_id)
    if enquiry is None or enquiry.emptied_at is not None or not asked_by(me(), enquiry):
        abort(404)
    if enquiry.link_expires_at < now() or enquiry.verified_at is None:
        writing()
        enquiry = db.session.get_one(Enquiry, enquiry_id, populate_existing=True)
        enquiry.link_expires_at = link_end()
        note_verified(enquiry)
        db.session.commit()
    return private_redirect(enquiry.path)
