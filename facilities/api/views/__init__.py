"""The addresses of the interface, and its page for people."""

from flask import Blueprint

from facilities.api.access import allowance, arrive, counted_as
from facilities.api.errors import add_handlers
from facilities.pages import csrf, limiter

bp = Blueprint("api", __name__, url_prefix="/api/v1")
bp.url_value_preprocessor(arrive)
add_handlers(bp)
csrf.exempt(bp)
limiter.limit(allowance, key_func=counted_as, scope="api")(bp)

pages = Blueprint("api_pages", __name__)

from facilities.api.views import acts, documents, listings, sources  # noqa: E402

__all__ = ["acts", "bp", "documents", "listings", "pages", "sources"]
