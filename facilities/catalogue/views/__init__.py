"""The public pages of the catalogue."""

from flask import Blueprint

bp = Blueprint("catalogue", __name__)

from facilities.catalogue.views import browse, home, listing, pictures  # noqa: E402

__all__ = ["bp", "browse", "home", "listing", "pictures"]
