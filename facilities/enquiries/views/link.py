"""The life of a private link: it expires, a new one is mailed, an old one can be made to open nothing."""

from flask import Response, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from flask_limiter.util import get_remote_address

from facilities.access import allow, anyone, me
from facilities.enquiries import limits
from facilities.enquiries.models import Enquiry
from facilities.enquiries.queries import enquiry_to_change
from facilities.enquiries.requester_forms import NewLinkForm
from facilities.enquiries.requesting import asked_by, renew_link
from facilities.enquiries.views import bp
from facilities.enquiries.views.private import enquiry_for, expired_page, private_redirect
from facilities.pages import limiter
from facilities.private_page import PrivateResponse

MOST_LINKS = "5 per hour; 20 per day"
"""New links that are asked for from one internet address, or one IPv6 network."""


@bp.post("/<token>/link")
@allow(anyone)
def renew(token: str) -> ResponseReturnValue:
    """Make the link open nothing any more and mail a new one. The new one is not shown: who has found the old one must
    not get it."""
    enquiry = enquiry_for(token)
    if not _let_through():
        flash(_("Many new links have been asked for. Try again in an hour."), "warn")
        return private_redirect(enquiry.path)
    own = asked_by(me(), enquiry)
    renew_link(enquiry)
    return private_redirect(enquiry.path) if own else _on_its_way(known=True)


@bp.post("/<token>/new-link")
@allow(anyone)
def new_link(token: str) -> ResponseReturnValue:
    """Mail a new link if the address is the requester's; the answer is the same for any address and any link."""
    form = NewLinkForm()
    enquiry = enquiry_to_change(token)
    if not form.validate():
        return expired_page(f"/enquiries/{token}", form, 422)
    if not _let_through():
        form.form_errors.append(_("Many new links have been asked for. Try again in an hour."))
        return expired_page(f"/enquiries/{token}", form, 429)
    if enquiry is not None and enquiry.emptied_at is None and _is_theirs(form.email.data, enquiry):
        renew_link(enquiry)
    return _on_its_way()


def _on_its_way(*, known: bool = False) -> Response:
    """`known`: who asks has opened the enquiry's own page."""
    return PrivateResponse(render_template("enquiries/link_mailed.html", known=known))


def _is_theirs(email: str, enquiry: Enquiry) -> bool:
    return email.lower() == enquiry.requester_email.lower()


def _let_through() -> bool:
    try:
        with limiter.limit(MOST_LINKS, key_func=_network):
            return True
    except RateLimitExceeded:
        return False


def _network() -> str:
    return f"links {limits.network_of(get_remote_address())}"
