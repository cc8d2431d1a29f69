"""The requester's private page: what was sent, to whom, and how far it has come."""

from typing import Any

from flask import Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import Headers

from facilities.access import allow, anyone
from facilities.enquiries.models import Enquiry
from facilities.enquiries.posted import letters_of
from facilities.enquiries.queries import enquiry_by_token
from facilities.enquiries.summary import request_lines, requester_lines
from facilities.enquiries.views import bp

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


class PrivateResponse(Response):
    """A page whose address is a secret. Its headers are set last, over those that every page of the site gets."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        headers = super().get_wsgi_headers(environ)
        headers.update(HEADERS)
        return headers


@bp.get("/<token>")
@allow(anyone)
def private(token: str) -> ResponseReturnValue:
    enquiry = enquiry_by_token(token)
    if enquiry is None:
        abort(404)
    return private_page(enquiry)


def private_page(enquiry: Enquiry) -> Response:
    page = render_template(
        "enquiries/private.html",
        enquiry=enquiry,
        asked=request_lines(enquiry),
        asker=requester_lines(enquiry),
        letters=letters_of(enquiry),
        to_files=not current_app.config["SMTP_URL"],
    )
    return PrivateResponse(page)
