"""Who may use a route. Every route names its rule beside itself: `@allow(anyone)`.

Rules here need no listing. What somebody may do with a listing is decided where it is loaded: `listing_for(id, rule)`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, current_app, request
from flask_login import current_user

from facilities.accounts import rights
from facilities.accounts.models import User
from facilities.accounts.rights import Level
from facilities.catalogue.models import Listing
from facilities.catalogue.queries.loading import listing_to_change, listing_to_read

Rule = Callable[[], bool]


def anyone() -> bool:
    """Visitors without an account."""
    return True


def signed_in() -> bool:
    """Anyone with an account."""
    return rights.level_of(me()) >= Level.MEMBER


def moderators() -> bool:
    """The desk."""
    return rights.may_moderate(me())


def administrators() -> bool:
    """Those who decide who belongs to the desk."""
    return rights.may_manage_users(me())


def me() -> User | None:
    """The user who is signed in; None for a visitor."""
    user: User = current_user._get_current_object()
    return user if user.is_authenticated else None


def allow(rule: Rule) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a view run only where `rule()` holds; otherwise a visitor is asked to sign in and a user gets 403. Goes below
    `@bp.route`."""

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            return view(*args, **kwargs) if rule() else refuse()

        guarded.rule = rule  # type: ignore[attr-defined]
        return guarded

    return guard


def listing_for(listing_id: int, rule: rights.Rule) -> Listing:
    """The listing with what it belongs to, if the rule holds for the user and it.

    Ready to be changed when the request may change something: locked, and read after the lock. 404 for a listing that
    the user may not even see, 403 (or the sign-in page) if the rule does not hold.
    """
    changes = request.method not in {"GET", "HEAD", "OPTIONS"}
    listing = listing_to_change(listing_id) if changes else listing_to_read(listing_id)
    if listing is None or not rights.may_see(me(), listing):
        abort(404)
    if not rule(me(), listing):
        abort(refuse())
    return listing


def refuse() -> Any:
    """To the sign-in page for a visitor, 403 for a user."""
    return abort(403) if me() else current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
