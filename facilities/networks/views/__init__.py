"""The pages of networks: for visitors, for who wants to join, for the desks of networks, and for the site's desk."""

from importlib import import_module

from flask import Blueprint

bp = Blueprint("networks", __name__)
joining = Blueprint("joining", __name__)
desk = Blueprint("network_desk", __name__, url_prefix="/manage/networks")
site_desk = Blueprint("site_networks", __name__, url_prefix="/moderate/networks")

MODULES = (
    "public", "join", "desk_pages", "desk_hubs", "desk_members", "desk_people", "desk_applications", "site_desk_pages",
)  # fmt: skip


def blueprints() -> tuple[Blueprint, ...]:
    """All of them, with their routes."""
    for name in MODULES:
        import_module(f"{__name__}.{name}")
    return bp, joining, desk, site_desk
