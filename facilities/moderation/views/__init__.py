"""The desk's pages, and the public ones by which people reach it."""

from flask import Blueprint

from facilities.access import me
from facilities.accounts.rights import may_manage_users, may_moderate
from facilities.moderation.queues import counts

bp = Blueprint("moderation", __name__)


@bp.app_context_processor
def _desk_words() -> dict[str, object]:
    """What the frame of the desk's pages asks for; nothing is counted on any other page."""
    return {"desk_counts": counts, "is_desk": lambda: may_moderate(me()), "runs_desk": lambda: may_manage_users(me())}


from facilities.moderation.views import (  # noqa: E402
    claims,
    deciding,
    duplicates,
    held,
    letters,
    links,
    log,
    needs,
    openings,
    proposals,
    queues,
    reports,
    roles,
    searches,
    settings,
    users,
    vocabulary,
    waiting_enquiries,
)

__all__ = [
    "bp",
    "claims",
    "deciding",
    "duplicates",
    "held",
    "letters",
    "links",
    "log",
    "needs",
    "openings",
    "proposals",
    "queues",
    "reports",
    "roles",
    "searches",
    "settings",
    "users",
    "vocabulary",
    "waiting_enquiries",
]
