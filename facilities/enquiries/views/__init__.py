"""The visitor's pages about enquiries."""

from flask import Blueprint

bp = Blueprint("enquiries", __name__, url_prefix="/enquiries")

from facilities.enquiries.views import form, private, shortlist  # noqa: E402

__all__ = ["bp", "form", "private", "shortlist"]
