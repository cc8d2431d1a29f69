"""What is noted when people sign in, and what follows when something about signing in changes."""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

import sqlalchemy as sa
from flask import Flask, request, session
from flask_login import user_logged_out
from flask_security import signals

from facilities.accounts.kept import forget_in_session
from facilities.accounts.letters import post_address_changed, post_security_change
from facilities.accounts.models import SignIn, User, new_uniquifier
from facilities.api.tokens import revoke_tokens
from facilities.choosing_language import speak_from_now
from facilities.db import db, now, writing

MOST_KEPT = 20
"""Sign-ins of each user that are listed."""

KEPT_FOR = timedelta(days=180)

WAYS = {"password": "password", "webauthn": "passkey", "invitation": "invitation"}
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Listen to the library."""
    signals.user_authenticated.connect(note_sign_in, app)
    signals.user_authenticated.connect(_speak_language, app)
    signals.password_reset.connect(_begin_anew, app)
    signals.change_email_confirmed.connect(_tell_old_address, app)
    signals.tf_profile_changed.connect(_two_step_on, app)
    signals.tf_disabled.connect(_two_step_off, app)
    signals.wan_registered.connect(_passkey_added, app)
    signals.wan_deleted.connect(_passkey_removed, app)
    user_logged_out.connect(_leave_nothing, app)


def note_sign_in(_app: Flask, user: User, authn_via: list[str] | None = None, **_rest: Any) -> None:
    """Note when, from which network and with what somebody signed in; the caller commits."""
    way = WAYS.get(authn_via[0], "") if authn_via else "two_step"
    browser = browser_of(request.user_agent.string)
    db.session.add(SignIn(user_id=user.id, network=network_of(request.remote_addr or ""), browser=browser, way=way))
    db.session.flush()
    listed = sa.select(SignIn.id).where(SignIn.user_id == user.id).order_by(SignIn.id.desc()).limit(MOST_KEPT)
    kept = list(db.session.scalars(listed))
    db.session.execute(sa.delete(SignIn).where(SignIn.user_id == user.id, SignIn.id.not_in(kept)))


def _speak_language(_app: Flask, user: User, **_rest: Any) -> None:
    """A browser that knows of no language yet takes that of the account."""
    speak_from_now(user.locale)


def network_of(address: str) -> str:
    """The network that an address is in, /24 or /48: enough to tell the office from elsewhere."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network((int(found), 24 if found.version == 4 else 48), strict=False))


def browser_of(agent: str) -> str:
    """The browser and system in a few words: Firefox, Windows."""
    names = [next((name for mark, name in marks if mark in agent), "") for marks in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, names))


def sign_out_everywhere(user: User, *, tokens: bool) -> int:
    """End every session of the user but this one and, with `tokens`, every token; gives the number of those."""
    user.fs_uniquifier = new_uniquifier()
    ended = revoke_tokens(user) if tokens else 0
    db.session.commit()
    session["_user_id"] = user.fs_uniquifier
    return ended


def forget_old_sign_ins(*, at: datetime | None = None) -> int:
    """Delete sign-ins older than KEPT_FOR; gives their number."""
    writing()
    old = sa.delete(SignIn).where(SignIn.at < (at or now()) - KEPT_FOR)
    forgotten = db.session.scalars(old.returning(SignIn.id)).all()
    db.session.commit()
    return len(forgotten)


def _begin_anew(_app: Flask, user: User, **_rest: Any) -> None:
    """Whoever has the letter with the link has the address. Somebody else may have been in the account: what they could
    have made there to come back by ends."""
    user.confirmed_at = user.confirmed_at or now()
    revoke_tokens(user)


def _tell_old_address(_app: Flask, user: User, old_email: str, **_rest: Any) -> None:
    post_address_changed(user, old_email)


def _two_step_on(_app: Flask, user: Any, **_rest: Any) -> None:
    post_security_change(user, "two_step_on")


def _two_step_off(_app: Flask, user: Any, **_rest: Any) -> None:
    user.mf_recovery_codes = None
    post_security_change(user, "two_step_off")


def _passkey_added(_app: Flask, user: Any, **_rest: Any) -> None:
    post_security_change(user, "passkey_added")


def _passkey_removed(_app: Flask, user: Any, **_rest: Any) -> None:
    post_security_change(user, "passkey_removed")


def _leave_nothing(_app: Flask, **_rest: Any) -> None:
    forget_in_session()
