"""What a visitor without an account gets where one is needed: the sign-in page, or 401 in the programming interface."""

from typing import Any

from flask import Flask, Response, abort, current_app, flash, redirect, request
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from facilities.access import me
from facilities.accounts.kept import page_to_return_to
from facilities.accounts.models import User
from facilities.accounts.paths import sign_in_path, this_page

PRIVATE = ("/account", "/manage", "/moderate", "/sign-in", "/invitations", "/register", "/reset", "/confirm")
"""Pages that no browser or proxy keeps."""


def init_app(app: Flask) -> None:
    """Set who asks visitors to sign in, and give templates `me()` and `user_in_head()`."""
    app.login_manager.unauthorized_callback = ask_to_sign_in  # type: ignore[attr-defined]
    app.extensions["security"].unauthn_handler(lambda *_how: ask_to_sign_in())
    app.extensions["security"].reauthn_handler(lambda *_how: ask_again())
    app.after_request(_keep_private)
    app.context_processor(lambda: {"me": me, "user_in_head": user_in_head})


def ask_to_sign_in() -> Response:
    """To the sign-in page and from there back; what was typed into a form is kept meanwhile."""
    if request.path.startswith("/api/"):
        abort(401)
    page = page_to_return_to()
    if page is not None:
        flash(_("Your session had ended. Sign in: what you typed is still there."))
    return _see(sign_in_path(page or (this_page() if request.method in {"GET", "HEAD"} else "/account")))


def ask_again() -> Response:
    """To the page that asks for the password once more, before something that would let a stranger take over."""
    then = this_page() if request.method in {"GET", "HEAD"} else request.path
    return _see(sign_in_path(then).replace("/sign-in", "/account/verify", 1))


def user_in_head() -> User | None:
    """Who is signed in, for the head of the page; nobody when the database cannot say."""
    try:
        return me()
    except SQLAlchemyError:
        return None


def _see(path: str) -> Response:
    response: Response = current_app.make_response(redirect(path, 303))
    return response


def _keep_private(response: Response) -> Response:
    if request.path.startswith(PRIVATE) or (_has_session() and response.mimetype == "text/html" and _signed_in()):
        response.headers["Cache-Control"] = "no-store"
    return response


def _has_session() -> bool:
    return bool(request.cookies.get(current_app.config["SESSION_COOKIE_NAME"]) or request.cookies.get("remember_token"))


def _signed_in() -> Any:
    return user_in_head()
