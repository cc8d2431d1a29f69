"""Who is calling: the bearer of a token, or a visitor. Cookies mean nothing here.

The caller is known, and the body read, before the transaction of a change begins: one without a token or with a slow
connection never keeps others from writing.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import g, request
from flask_limiter.util import get_remote_address

from facilities.accounts import rights
from facilities.accounts.models import ApiToken, Scope, User
from facilities.api.listing import address_of
from facilities.api.problems import ApiProblem
from facilities.api.tokens import note_use, token_of
from facilities.catalogue.models import Listing, Status
from facilities.catalogue.queries.loading import listing_to_change, listing_to_read
from facilities.catalogue.queries.merged import survivor_of
from facilities.db import db
from facilities.enquiries.limits import network_of

SAFE = {"GET", "HEAD", "OPTIONS"}
MOST_BYTES = 1024 * 1024
MOST_BYTES_IN_BULK = 5 * 1024 * 1024
BULK = "api.upsert_records"
PER_MINUTE_WITH_TOKEN, PER_MINUTE = "600 per minute", "120 per minute"


class Merged(ApiProblem):
    """The listing lives on in another, whose address here is `successor`."""

    def __init__(self, listing: Listing) -> None:
        survivor = survivor_of(listing.id)
        self.successor = address_of(survivor) if survivor else None
        super().__init__("gone", "The listing was merged into another: use “successor”.", successor=self.successor)


def arrive(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Know the caller, then read the body."""
    g.api_token = None
    if (header := request.headers.get("Authorization")) is not None:
        g.api_token = _token(header)
        note_use(g.api_token)
    db.session.commit()
    if request.method in SAFE:
        return
    if g.api_token is None:
        raise _without_token()
    request.max_content_length = MOST_BYTES_IN_BULK if request.endpoint == BULK else MOST_BYTES
    request.get_data()


def needs(scope: Scope) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a view run only for a token with the scope. Goes below `@bp.route`."""

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            token = g.api_token
            if token is None:
                raise _without_token()
            if scope.value not in token.scopes:
                raise _without_scope(scope)
            return view(*args, **kwargs)

        guarded.rule = RULES[scope]  # type: ignore[attr-defined]
        return guarded

    return guard


def reader() -> User | None:
    """Whose drafts and private fields may be read: the owner of a token with the scope `read`."""
    token: ApiToken | None = g.api_token
    return token.user if token and Scope.READ.value in token.scopes else None


def caller() -> User:
    """The owner of the token; only for views that need one."""
    user: User = g.api_token.user
    return user


def listing_for(listing_id: int, rule: rights.Rule, user: User | None) -> Listing:
    """The listing with what it belongs to, if the rule holds; locked when the request may change something. Raises
    `not_found` for one that the user may not even see, Merged, `forbidden`."""
    listing = listing_to_read(listing_id) if request.method in SAFE else listing_to_change(listing_id)
    if listing is None or not rights.may_see(user, listing):
        raise ApiProblem("not_found", f"No listing that you may see has the id {listing_id}.")
    if listing.status == Status.MERGED:
        raise Merged(listing)
    if not rule(user, listing):
        raise ApiProblem("forbidden", f"The token's owner has no right to do this with listing {listing_id}.")
    return listing


def counted_as() -> str:
    """What the request is counted as: its token, else its network."""
    token: ApiToken | None = g.get("api_token")
    return f"token:{token.id}" if token else network_of(get_remote_address())


def allowance() -> str:
    return PER_MINUTE_WITH_TOKEN if g.get("api_token") else PER_MINUTE


def holders_of_read() -> bool:
    """Programs whose token has the scope `read`."""
    return g.get("api_token") is not None and Scope.READ.value in g.api_token.scopes


def holders_of_write() -> bool:
    """Programs whose token has the scope `write`."""
    return g.get("api_token") is not None and Scope.WRITE.value in g.api_token.scopes


def holders_of_withdraw() -> bool:
    """Programs whose token has the scope `withdraw`."""
    return g.get("api_token") is not None and Scope.WITHDRAW.value in g.api_token.scopes


RULES = {
    Scope.READ: holders_of_read,
    Scope.WRITE: holders_of_write,
    Scope.WITHDRAW: holders_of_withdraw,
}


def _token(header: str) -> ApiToken:
    scheme, _space, secret = header.partition(" ")
    token = token_of(secret.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        raise ApiProblem(
            "token_refused",
            "The token is unknown, expired or revoked: make a new one at /account/tokens and send it as "
            "“Authorization: Bearer …”.",
            headers={"WWW-Authenticate": 'Bearer realm="api", error="invalid_token"'},
        )
    return token


def _without_token() -> ApiProblem:
    return ApiProblem(
        "token_needed",
        "Send a token as “Authorization: Bearer …”; owners make one at /account/tokens.",
        headers={"WWW-Authenticate": 'Bearer realm="api"'},
    )


def _without_scope(scope: Scope) -> ApiProblem:
    return ApiProblem(
        "scope_missing",
        f"The token lacks the scope “{scope.value}”: make one that has it at /account/tokens.",
        headers={"WWW-Authenticate": f'Bearer realm="api", error="insufficient_scope", scope="{scope.value}"'},
    )
