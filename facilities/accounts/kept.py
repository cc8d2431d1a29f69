"""What was typed into a form whose session had ended: kept for a few days, and shown again after signing in."""

import secrets
from datetime import datetime, timedelta
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask, flash, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import MultiDict

from facilities.access import me
from facilities.accounts.limits import KEPT_FORMS_FROM_ADDRESS, address_block, within
from facilities.accounts.paths import page_of_form, sign_in_path
from facilities.db import db, now, writing
from facilities.manage.models import KeptForm
from facilities.pages import error_page

KEY = "kept_forms"
MOST_OF_SESSION = 5

LARGEST = 200_000
"""Characters of one form that are kept."""

KEPT_FOR = timedelta(days=7)
KEEPS = ("/manage/", "/moderate/")
"""Pages whose forms are kept; those of accounts hold passwords."""

NEVER = ("password", "csrf_token", "secret")


def init_app(app: Flask) -> None:
    """Keep forms that come without their session instead of only refusing them."""
    app.register_error_handler(CSRFError, form_without_session)


def form_without_session(error: CSRFError) -> ResponseReturnValue:
    """Keep what was typed and lead back to the form, by way of the sign-in page if need be."""
    page = page_to_return_to()
    if page is None:
        return error_page(error)
    if me() is None:
        flash(_("Your session had ended. Sign in: what you typed is still there."))
        return redirect(sign_in_path(page), 303)
    flash(_("This form had expired. Here is what you typed: check it and send it again."))
    return redirect(page, 303)


def page_to_return_to() -> str | None:
    """The page of the form that was sent, with the token of what was typed; None if it is no form of ours to keep."""
    if request.method != "POST" or not request.path.startswith(KEEPS):
        return None
    token = keep(request.path, request.form)
    page = page_of_form()
    return page if token is None else f"{page}{'&' if '?' in page else '?'}{urlencode({'kept': token})}"


def keep(path: str, typed: MultiDict[str, str]) -> str | None:
    """Store what was typed for this session; gives its token, None if there is nothing to keep or too much."""
    values = {name: typed.getlist(name) for name in typed if not name.lower().endswith(NEVER)}
    size = sum(len(text) for texts in values.values() for text in texts)
    if (
        not any(map(any, values.values()))
        or size > LARGEST
        or not within(KEPT_FORMS_FROM_ADDRESS, "kept form", address_block())
    ):
        return None
    writing()
    token = secrets.token_urlsafe(24)
    db.session.add(KeptForm(token=token, path=path[:400], values=values))
    db.session.commit()
    session[KEY] = [*session.get(KEY, []), token][-MOST_OF_SESSION:]
    return token


def kept_values(token: str | None) -> MultiDict[str, str] | None:
    """What was typed, for the session that typed it; None for anybody else and when it is too old."""
    if not token or token not in session.get(KEY, []):
        return None
    kept = db.session.scalar(sa.select(KeptForm).where(KeptForm.token == token, KeptForm.kept_at > now() - KEPT_FOR))
    return MultiDict(kept.values) if kept else None


def forget_in_session() -> None:
    """Leave nothing for whoever uses this browser next."""
    session.pop(KEY, None)


def forget_old_forms(*, at: datetime | None = None) -> int:
    """Delete forms kept for longer than KEPT_FOR; gives their number."""
    writing()
    old = sa.delete(KeptForm).where(KeptForm.kept_at < (at or now()) - KEPT_FOR)
    forgotten = db.session.scalars(old.returning(KeptForm.id)).all()
    db.session.commit()
    return len(forgotten)
