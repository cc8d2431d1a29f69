"""What the desk set for the whole site, or what holds until it does."""

import time

from flask import current_app, g

from facilities.db import db
from facilities.moderation.models import Preferences

ROW = 1

KEPT = 60.0
"""Seconds that a process goes on using the interval it read: every public page asks for it."""


def preferences() -> Preferences:
    """The desk's preferences: the stored row, or one with the defaults that is not stored. Asks the database once in a
    request."""
    if "preferences" not in g:
        g.preferences = db.session.get(Preferences, ROW) or _defaults()
    found: Preferences = g.preferences
    return found


def confirmation_months() -> int:
    """After how many months a listing is to be confirmed again, as this process read it at most KEPT seconds ago."""
    months, read_at = current_app.extensions.get("confirmation_months", (0, 0.0))
    if not months or time.monotonic() - read_at > KEPT:
        months = preferences().confirmation_months
        current_app.extensions["confirmation_months"] = (months, time.monotonic())
    return int(months)


def set_preferences(*, confirmation_months: int, decisions_public: bool, registration_open: bool) -> Preferences:
    """Store what the desk chose; the caller commits. `confirmation_months` runs from 1 to 60."""
    row = db.session.get(Preferences, ROW, with_for_update=True)
    if row is None:
        row = Preferences(id=ROW)
        db.session.add(row)
    row.confirmation_months = confirmation_months
    row.decisions_public = decisions_public
    row.registration_open = registration_open
    g.preferences = row
    current_app.extensions.pop("confirmation_months", None)
    return row


def _defaults() -> Preferences:
    return Preferences(id=ROW, confirmation_months=12, decisions_public=False, registration_open=True)
