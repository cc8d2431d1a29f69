"""Pages and files whose address is a secret: neither kept nor listed anywhere, and named to no other site."""

from typing import Any

from flask import Response
from werkzeug.datastructures import Headers

PRIVATE_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
"""Of every page and file whose address is a secret. Their own forms say where they come from, as the check of forms
over HTTPS asks for; no other site is told."""


class PrivateResponse(Response):
    """A page whose address is a secret. Its headers are set last, over those that every page of the site gets."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        headers = super().get_wsgi_headers(environ)
        headers.update(PRIVATE_HEADERS)
        return headers
