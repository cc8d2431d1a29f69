"""Telling people of open needs and what was found for them: each suggestion is told once, and nothing of a need is
mailed that no desk has let through."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from facilities.accounts.models import User
from facilities.accounts.rights import may_edit
from facilities.catalogue.models import Listing
from facilities.catalogue.queries import published_by_ids
from facilities.db import db, now, writing
from facilities.formats import site_today
from facilities.needs.letters import post_found, post_matches
from facilities.needs.matching import PUT_ASIDE, suggestions_of
from facilities.needs.models import NeedState, NeedSuggestion, NeedWatch, PublicNeed
from facilities.needs.rights import is_public

ToTell = dict[User, list[Listing]]


def tell_of_need(need_id: int, at: datetime | None = None) -> int:
    """Write to the poster and to the watchers of what was found for an open need and nobody knows yet, in a transaction
    of its own; gives the number of listings."""
    writing()
    locked = sa.select(PublicNeed).where(PublicNeed.id == need_id).with_for_update()
    need = db.session.scalar(locked, execution_options={"populate_existing": True})
    if need is None or not _goes_on(need, at or now()):
        db.session.rollback()
        return 0
    listings = tell_watchers(need, at)
    if listings:
        post_matches(need, listings)
    db.session.commit()
    return len(listings)


def _goes_on(need: PublicNeed, at: datetime) -> bool:
    """Whether anybody can read and answer it."""
    return need.state == NeedState.OPEN and is_public(need) and need.ends_on >= site_today(at)


def tell_watchers(need: PublicNeed, at: datetime | None = None) -> list[Listing]:
    """Write to those who watch what was found and told to nobody yet, one letter a mailbox, and mark it as told; gives
    the listings. Nobody is told of a need that cannot be read or answered. The caller holds the need's lock and
    commits."""
    if not _goes_on(need, at or now()):
        return []
    known = suggestions_of(need.id)
    new = [each for each in known if _is_new(each)]
    listings = published_by_ids([each.listing_id for each in new])
    told_before = [each for each in known if each.told_at is not None]
    for user, found in _to_tell(listings, told_before).items():
        post_found(need, user, found)
    shown = {listing.id for listing in listings}
    for suggestion in new:
        if suggestion.listing_id in shown:
            suggestion.told_at = at or now()
    return listings


def _is_new(suggestion: NeedSuggestion) -> bool:
    return suggestion.told_at is None and suggestion.dropped_at is None and suggestion.position < PUT_ASIDE


def _to_tell(listings: Sequence[Listing], told_before: Sequence[NeedSuggestion]) -> ToTell:
    """Who is to be told of which listings: those who watch one or what it belongs to, answer for it still, and have had
    no letter about this need."""
    found: ToTell = {}
    had = _had_a_letter(told_before)
    for watch in _watches(listings):
        user = watch.user
        if user.id in had or not user.active or user.confirmed_at is None:
            continue
        below = [each for each in listings if watch.listing_id in _lineage(each) and may_edit(user, each)]
        if below:
            found[user] = list(dict.fromkeys([*found.get(user, []), *below]))
    return found


def _had_a_letter(told: Sequence[NeedSuggestion]) -> set[int]:
    """Ids of the users who watched something that was told, when it was told."""
    told_at = {each.listing_id: each.told_at for each in told}
    listings = published_by_ids(list(told_at))
    return {
        watch.user_id
        for watch in _watches(listings)
        for each in listings
        if watch.listing_id in _lineage(each) and watch.asked_at <= (told_at[each.id] or watch.asked_at)
    }


def _watches(listings: Sequence[Listing]) -> Sequence[NeedWatch]:
    """The watches of these listings and of what they belong to, with the users and their rights."""
    ids = {above for listing in listings for above in _lineage(listing)}
    query = sa.select(NeedWatch).where(NeedWatch.listing_id.in_(ids)).order_by(NeedWatch.id)
    loads = joinedload(NeedWatch.user).selectinload(User.grants)
    return db.session.scalars(query.options(loads)).all() if ids else []


def _lineage(listing: Listing) -> list[int]:
    return [each.id for each in listing.lineage()]
