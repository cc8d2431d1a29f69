"""Finding what may meet a public need: the search that visitors use, its answers kept as suggestions."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa

from facilities.catalogue.models import Kind, Listing
from facilities.db import db, now, writing
from facilities.needs.models import NeedSuggestion, PublicNeed
from facilities.search.near import spot
from facilities.search.query import LONGEST_TEXT, SearchQuery
from facilities.search.results import Card, find

MOST_MATCHES = 12
MOST_OF_ONE = 2
"""Of one organisation."""

MOST_LOOKED_AT = 60
KINDS = tuple(kind.value for kind in (Kind.OFFER, Kind.SERVICE, Kind.FACILITY, Kind.ORGANISATION))
WORTH = 0.25
"""Part of the best score below which a listing only happens to have some of the words."""

PUT_ASIDE = 1000
"""Position from which suggestions are kept only to be remembered: found once, and not any more."""

NEEDS = cast("sa.Table", PublicNeed.__table__)
"""Through the table, what is noted about a need does not count as a change of it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a search for a need goes by. Nothing of the organisation that posts it is found."""

    title: str
    text: str = ""
    place: str = ""
    organisation_id: int = 0


def wanted_in(need: PublicNeed) -> Wanted:
    return Wanted(need.title, need.text, need.place, need.organisation_id)


def likeliest(wanted: Wanted, *, explain: bool = False) -> list[Card]:
    """The best answers, at most MOST_MATCHES: to the title, which may lack a third of its words; then what the text
    adds, of which a fifth may be missing, for a long text has many words that say little."""
    cards = _answers(wanted, wanted.title, 3, explain)
    if wanted.text:
        cards += _answers(wanted, f"{wanted.title} {wanted.text}"[:LONGEST_TEXT], 5, explain)
    others = (card for card in cards if _organisation(card.listing) != wanted.organisation_id)
    return list(_spread(others))[:MOST_MATCHES]


def _answers(wanted: Wanted, words: str, lacks: int, explain: bool) -> list[Card]:
    """What answers these words but for one in `lacks` of them; a place that is no town on the map is one of them."""
    place = wanted.place if wanted.place and spot(wanted.place) else ""
    text = words if place else f"{words} {wanted.place}"
    query = SearchQuery(" ".join(text.split()), filters={"kind": KINDS}, near=place, per_page=MOST_LOOKED_AT)
    cards = find(query, explain=explain).cards
    best = max((card.score for card in cards), default=0.0)
    enough = len(words.split())
    return [card for card in cards if card.score >= WORTH * best and lacks * len(card.missing) <= enough]


def _organisation(listing: Listing) -> int:
    return listing.id if listing.kind == Kind.ORGANISATION else listing.organisation_id or 0


def _spread(cards: Iterator[Card]) -> Iterator[Card]:
    """Each listing once, and few of one organisation."""
    seen: set[int] = set()
    taken: Counter[int] = Counter()
    for card in cards:
        organisation = _organisation(card.listing) or card.listing.id
        if card.listing.id not in seen and taken[organisation] < MOST_OF_ONE:
            seen.add(card.listing.id)
            taken[organisation] += 1
            yield card


def match_need(need_id: int, at: datetime | None = None) -> int:
    """Keep what search finds for a need now, in a transaction of its own; gives how many listings are new to it.

    What was told or dropped before stays so; what is found no more is forgotten, or put aside if somebody was told.
    """
    need = db.session.get(PublicNeed, need_id)
    if need is None:
        return 0
    found = [card.listing.id for card in likeliest(wanted_in(need))]
    db.session.rollback()
    writing()
    there = db.session.scalar(sa.select(NEEDS.c.id).where(NEEDS.c.id == need_id).with_for_update())
    if there is None:
        db.session.rollback()
        return 0
    new = _keep(need_id, found)
    db.session.execute(sa.update(NEEDS).where(NEEDS.c.id == need_id).values(matched_at=at or now()))
    db.session.commit()
    return new


def _keep(need_id: int, found: Sequence[int]) -> int:
    kept = {each.listing_id: each for each in suggestions_of(need_id)}
    for listing_id, suggestion in kept.items():
        if listing_id not in found:
            _leave_out(suggestion)
    for position, listing_id in enumerate(found):
        if listing_id in kept:
            kept[listing_id].position = position
        else:
            db.session.add(NeedSuggestion(need_id=need_id, listing_id=listing_id, position=position))
    return len(set(found) - set(kept))


def _leave_out(suggestion: NeedSuggestion) -> None:
    if suggestion.told_at or suggestion.dropped_at:
        suggestion.position = PUT_ASIDE
    else:
        db.session.delete(suggestion)


def suggestions_of(need_id: int) -> list[NeedSuggestion]:
    """All that was ever found for a need and is remembered, best first, read anew."""
    query = sa.select(NeedSuggestion).where(NeedSuggestion.need_id == need_id)
    ordered = query.order_by(NeedSuggestion.position, NeedSuggestion.id)
    return list(db.session.scalars(ordered, execution_options={"populate_existing": True}))
