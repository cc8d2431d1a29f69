"""Addresses of this site to go to after a form: never one of another site."""

from urllib.parse import urlencode

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

LONGEST = 2000
"""Characters of an address to go back to."""


def own_path(target: str | None) -> str | None:
    """`target` if it is a path of this site, else None. Browsers read a backslash as a slash."""
    if not target or len(target) > LONGEST or not target.isprintable() or " " in target:
        return None
    local = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if local else None


def sign_in_path(then: str = "") -> str:
    """The sign-in page, from where one comes to `then`."""
    return f"/sign-in?{urlencode({'next': then})}" if then else "/sign-in"


def this_page() -> str:
    """The address of the request, as far as it can be come back to."""
    return own_path(request.full_path.rstrip("?")) or own_path(request.path) or "/"


def page_of_form() -> str:
    """The page on which the form that was sent stands: its own address if that can be opened, else where it came from,
    else the owner's first page."""
    if _can_be_opened(request.path):
        return this_page()
    came_from = (request.referrer or "").removeprefix(request.host_url.rstrip("/"))
    path = own_path(came_from)
    return path if path and _can_be_opened(path.partition("?")[0]) else "/manage/"


def _can_be_opened(path: str) -> bool:
    try:
        current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True
