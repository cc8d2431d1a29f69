"""Tokens by which programs act for their owner. The secret is shown once; only its SHA-256 is kept."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from facilities.accounts.models import ApiToken, Scope, User
from facilities.db import db, now, writing

MARK = "obt_"
"""What every secret begins with, so that programs that look for leaked secrets recognise it."""

PREFIX = 12
LONGEST = timedelta(days=365)
MOST_TOKENS = 50
NOTED_EVERY = timedelta(minutes=10)
"""The last use of a token is known to this; noting each one would make a write of every read."""


class TooManyTokens(Exception):
    """The user has MOST_TOKENS that still work."""


def issue_token(
    user: User, *, name: str, scopes: Iterable[Scope], expires_at: datetime, at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A new token and its secret, which nobody can read again. ValueError for an expiry in the past or after LONGEST;
    TooManyTokens."""
    at = at or now()
    if not at < expires_at <= at + LONGEST:
        raise ValueError(f"a token expires within {LONGEST.days} days, not at {expires_at}")
    if len([token for token in user.tokens if works(token, at=at)]) >= MOST_TOKENS:
        raise TooManyTokens(user.id)
    secret = MARK + secrets.token_urlsafe(32)
    token = ApiToken(
        name=name, prefix=secret[:PREFIX], digest=digest_of(secret), expires_at=expires_at, created_at=at,
        scopes=[scope.value for scope in scopes],
    )  # fmt: skip
    user.tokens.insert(0, token)
    db.session.commit()
    return token, secret


def revoke_token(token: ApiToken) -> None:
    """Have a token never work again."""
    token.revoked_at = token.revoked_at or now()
    db.session.commit()


def working_tokens(user: User) -> list[ApiToken]:
    """The tokens of a user that work, the newest first."""
    return [token for token in user.tokens if works(token)]


def revoke_tokens(user: User) -> int:
    """Have none of the user's tokens work again, and give how many did; the caller commits."""
    ended = working_tokens(user)
    for token in ended:
        token.revoked_at = now()
    return len(ended)


def works(token: ApiToken, *, at: datetime | None = None) -> bool:
    """Whether a token is neither revoked nor expired and its owner's account is in use."""
    return token.revoked_at is None and token.expires_at > (at or now()) and token.user.active


def token_of(secret: str) -> ApiToken | None:
    """The token with this secret, if it works. It is found by its digest, so the time tells nothing about others."""
    query = sa.select(ApiToken).where(ApiToken.digest == digest_of(secret)).options(joinedload(ApiToken.user))
    token = db.session.scalar(query)
    return token if token is not None and works(token) else None


def note_use(token: ApiToken) -> None:
    """Keep when a token was last used, in a transaction of its own and only now and then."""
    at = now()
    if token.last_used_at is None or at - token.last_used_at >= NOTED_EVERY:
        writing()
        token.last_used_at = at
        db.session.commit()


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
