"""What requesters do with what is kept of theirs: take it along, have it erased."""

from flask import render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import DataRequired

from facilities.access import allow, anyone
from facilities.enquiries.keeping.erasing import erase
from facilities.enquiries.keeping.taking_along import packed
from facilities.enquiries.views import bp
from facilities.enquiries.views.private import enquiry_for, private_redirect
from facilities.private_page import PrivateResponse


class EraseForm(FlaskForm):
    """That it is meant."""

    sure = BooleanField(
        _("Erase it for good, also for those I asked"),
        validators=[DataRequired(_("Tick the box if the enquiry is to be erased. Nothing brings it back."))],
    )


@bp.get("/<token>/export")
@allow(anyone)
def export(token: str) -> ResponseReturnValue:
    """The enquiry with its files as one zip file."""
    enquiry = enquiry_for(token)
    name = f"enquiry-{enquiry.created_at:%Y-%m-%d}.zip"
    answer = send_file(packed(enquiry), "application/zip", as_attachment=True, download_name=name)
    return PrivateResponse.force_type(answer)


@bp.route("/<token>/erase", methods=["GET", "POST"])
@allow(anyone)
def erase_enquiry(token: str) -> ResponseReturnValue:
    enquiry = enquiry_for(token)
    form = EraseForm()
    if form.validate_on_submit():
        path = enquiry.path
        erase(enquiry)
        return private_redirect(path)
    return PrivateResponse(
        render_template("enquiries/erase.html", enquiry=enquiry, form=form), 422 if form.errors else 200
    )
