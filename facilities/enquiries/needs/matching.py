"""Finding who may meet a posted need: the search that visitors use, kept for the desk as a proposal."""

from collections import Counter
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from facilities.catalogue.models import Listing, UserGroup
from facilities.db import db, writing
from facilities.enquiries.choice import unit_of
from facilities.enquiries.models import Enquiry, NeedMatch, Stage
from facilities.search.near import spot
from facilities.search.query import SearchQuery
from facilities.search.results import Card, find

MOST_MATCHES = 12
MOST_OF_ONE = 2
"""Of one facility: a need is better asked of several than of five instruments in a room."""
MOST_LOOKED_AT = 60


def match_need(enquiry_id: int) -> int:
    """Save the likeliest listings for a need, in a transaction of its own; gives how many. A need that waits no longer,
    or has matches already, is left alone."""
    enquiry = db.session.get(Enquiry, enquiry_id)
    if enquiry is None or enquiry.stage != Stage.TO_MATCH:
        return 0
    found = [card.listing.id for card in likeliest(enquiry)]
    db.session.rollback()
    writing()
    waits = sa.select(Enquiry.id).where(Enquiry.id == enquiry_id, Enquiry.stage == Stage.TO_MATCH).with_for_update()
    matched = sa.exists().where(NeedMatch.enquiry_id == enquiry_id)
    if db.session.scalar(waits) is None or db.session.scalar(sa.select(matched)):
        db.session.rollback()
        return 0
    for position, listing_id in enumerate(found):
        db.session.add(NeedMatch(enquiry_id=enquiry_id, listing_id=listing_id, position=position))
    db.session.commit()
    return len(found)


def match_waiting() -> None:
    """Match the needs that a crash left without matches, and those for which nothing was found so far."""
    matched = sa.exists().where(NeedMatch.enquiry_id == Enquiry.id)
    for enquiry_id in db.session.scalars(sa.select(Enquiry.id).where(Enquiry.stage == Stage.TO_MATCH, ~matched)).all():
        match_need(enquiry_id)


def likeliest(enquiry: Enquiry) -> list[Card]:
    """The best answers to the need that are open to who asks, at most MOST_OF_ONE of one facility."""
    asks_as = enquiry.requester_group.value if enquiry.requester_group else ""
    cards = find(need_query(enquiry), open_to=asks_as).cards
    return list(_spread(_open(cards, enquiry.requester_group)))[:MOST_MATCHES]


def need_query(enquiry: Enquiry) -> SearchQuery:
    """The first line of the need as a search; a place that is no town on the map is part of its words."""
    wanted, place = enquiry.question.partition("\n")[0], enquiry.place
    if place and spot(place):
        return SearchQuery(wanted, near=place, per_page=MOST_LOOKED_AT)
    return SearchQuery(f"{wanted} {place}".strip(), per_page=MOST_LOOKED_AT)


def _open(cards: Sequence[Card], group: UserGroup | None) -> Iterator[Card]:
    """Those that do not say that they are for others only."""
    for card in cards:
        terms = card.listing.access
        if group in (None, UserGroup.OWN_ORGANISATION) or terms is None or not terms.groups or group in terms.groups:
            yield card


def _spread(cards: Iterator[Card]) -> Iterator[Card]:
    taken: Counter[Listing] = Counter()
    for card in cards:
        unit = unit_of(card.listing)
        taken[unit] += 1
        if taken[unit] <= MOST_OF_ONE:
            yield card
