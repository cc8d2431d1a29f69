"""A signed mark in each form: which form it is and when it was opened."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from facilities.db import now

SALT = "enquiry form"

LONGEST_OPEN = timedelta(days=1)
"""How long after it was opened a form may be sent."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Which form was opened, and when (UTC)."""

    id: str
    opened_at: datetime

    @property
    def too_old(self) -> bool:
        return now() - self.opened_at > LONGEST_OPEN


def new_seal(secret: str, *, at: datetime | None = None) -> str:
    """The mark of a form that is opened now, or at another time."""
    return _signer(secret).dumps([secrets.token_urlsafe(12), (at or now()).timestamp()])


def open_seal(text: str, secret: str) -> Seal | None:
    """What a mark says; None if it is not ours."""
    try:
        form, opened_at = _signer(secret).loads(text)
    except BadData:
        return None
    return Seal(form, datetime.fromtimestamp(opened_at, UTC))


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=SALT)
