"""The owners' pages."""

from flask import Blueprint

from facilities.accounts.rights import may_edit

bp = Blueprint("manage", __name__, url_prefix="/manage")
bp.context_processor(lambda: {"may_edit": may_edit})

from facilities.manage.views import (  # noqa: E402
    edit,
    exports,
    history,
    home,
    import_columns,
    imports,
    inbox,
    life,
    listings,
    media,
    new,
    places,
    preview,
    team,
)

__all__ = [
    "bp",
    "edit",
    "exports",
    "history",
    "home",
    "import_columns",
    "imports",
    "inbox",
    "life",
    "listings",
    "media",
    "new",
    "places",
    "preview",
    "team",
]
