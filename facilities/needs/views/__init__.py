"""The pages of public needs: to read, to post and change, to decide, and to be told of them."""

from flask import Blueprint

from facilities.access import me
from facilities.formats import site_today
from facilities.needs.queries import open_needs_of, waiting_needs_count, watched_by
from facilities.needs.rights import may_change_need, may_decide_need

bp = Blueprint("needs", __name__)


@bp.app_context_processor
def _needs_words() -> dict[str, object]:
    """What pages of other parts print of needs; nothing is read on any other page."""
    return {
        "watched_needs": _watched,
        "open_needs_of": open_needs_of,
        "waiting_needs_count": waiting_needs_count,
        "site_today": site_today,
    }


@bp.context_processor
def _rules() -> dict[str, object]:
    return {"may_change_need": may_change_need, "may_decide_need": may_decide_need}


def _watched() -> set[int]:
    """The ids of the listings for which the user gets letters about needs."""
    user = me()
    return watched_by(user) if user else set()


from facilities.needs.views import changing, deciding, posting, public, watching  # noqa: E402

__all__ = ["bp", "changing", "deciding", "posting", "public", "watching"]
