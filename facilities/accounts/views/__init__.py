"""The pages of one's own account, and the links in letters about accounts."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)

from facilities.accounts.views import account, erasure, invitations, links, registration, tokens  # noqa: E402

__all__ = ["account", "bp", "erasure", "invitations", "links", "registration", "tokens"]
