"""The owners' pages."""

from flask import Blueprint

from facilities.accounts.rights import may_edit

bp = Blueprint("manage", __name__, url_prefix="/manage")
bp.context_processor(lambda: {"may_edit": may_edit})

from facilities.manage.views import (  # noqa: E402
    answer_templates,
    booking,
    edit,
    enquiry_export,
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
    numbers,
    places,
    preview,
    routing,
    team,
    thread_files,
)

__all__ = [
    "answer_templates",
    "booking",
    "bp",
    "edit",
    "enquiry_export",
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
    "numbers",
    "places",
    "preview",
    "routing",
    "team",
    "thread_files",
]
