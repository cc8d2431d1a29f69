"""The letters about public needs, one function each; the caller commits."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from facilities.accounts.models import User
from facilities.accounts.rights import may_edit
from facilities.catalogue.models import Listing
from facilities.db import db
from facilities.needs.models import NeedState, PublicNeed
from facilities.networks.letters import Told, deciders
from facilities.outbox.letters import post
from facilities.outbox.models import StoredLetter

SALT = "letters about needs"


class NotOurLink(ValueError):
    """The link was not made here."""


def end_path(user: User) -> str:
    """The address that ends a user's letters about needs at one POST."""
    return f"/needs/letters/{_signer().dumps([user.id, round(user.created_at.timestamp() * 1000)])}/end"


def read_token(token: str) -> tuple[int, int]:
    """The user's id and when the account was made (milliseconds). Raises NotOurLink."""
    try:
        user_id, made_at = _signer().loads(token)
    except BadData as bad:
        raise NotOurLink(token[:20]) from bad
    return user_id, made_at


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=SALT)


def desk_path(need: PublicNeed) -> str:
    """Where the desk whose it is decides about a need."""
    return f"/manage{need.network.path}/needs/{need.id}" if need.network else f"/moderate/public-needs/{need.id}"


def post_waiting(need: PublicNeed, *, since: datetime) -> None:
    """To the desk that decides about it, the network's or the site's: it waits. Not to who was written to about it
    since then."""
    site = [Told(str(current_app.config["DESK_EMAIL"]), "", decides=True)]
    told = _told_of(need, since)
    for each in deciders(need.network) if need.network else site:
        if each.address not in told:
            post("need_waits", each.address, locale=each.locale, need=need, link=desk_path(need), decides=each.decides)


def _told_of(need: PublicNeed, since: datetime) -> set[str]:
    """Who got a letter that it waits since then. What is left of one that was sent is its subject, which ends with the
    need's number."""
    about = StoredLetter.subject.endswith(f" #{need.id}", autoescape=True)
    query = sa.select(StoredLetter.to).where(StoredLetter.name == "need_waits", StoredLetter.written_at > since, about)
    return set(db.session.scalars(query))


def post_decision(need: PublicNeed, listings: Sequence[Listing]) -> None:
    """To who posted it: published, with what may meet it, or not, with the reason."""
    if to := _poster(need):
        published = need.state == NeedState.OPEN
        post(
            "public_need_decided", to.email, locale=to.locale, need=need, published=published, listings=listings
        )  # fmt: skip


def post_matches(need: PublicNeed, listings: Sequence[Listing]) -> None:
    """To who posted it: what came to be found since the last letter."""
    if to := _poster(need):
        post("public_need_matches", to.email, locale=to.locale, need=need, listings=listings)


def post_ended(need: PublicNeed) -> None:
    """To who posted it, once its last day has passed."""
    if to := _poster(need):
        post("public_need_ended", to.email, locale=to.locale, need=need)


def post_found(need: PublicNeed, to: User, listings: Sequence[Listing]) -> None:
    """To somebody who asked to be told: a need that their listings may meet."""
    end = end_path(to)
    post("public_need_found", to.email, locale=to.locale, unsubscribe=end, need=need, listings=listings, end=end)


def _poster(need: PublicNeed) -> User | None:
    """Who posted it, as long as they answer for the organisation."""
    author = need.author
    return author if author is not None and may_edit(author, need.organisation) else None
