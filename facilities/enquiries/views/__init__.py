"""The visitor's pages about enquiries."""

from flask import Blueprint

bp = Blueprint("enquiries", __name__, url_prefix="/enquiries")

from facilities.enquiries.views import acting, answer, booking, files, form, keeping, link, need, private, shortlist  # noqa: E402

__all__ = ["acting", "answer", "booking", "bp", "files", "form", "keeping", "link", "need", "private", "shortlist"]
