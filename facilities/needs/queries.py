"""Public needs as pages read them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from facilities.accounts.models import User
from facilities.catalogue.models import LISTINGS, Kind, Listing, Status
from facilities.catalogue.queries import published_by_ids
from facilities.db import db
from facilities.formats import site_today
from facilities.languages import spoken_now
from facilities.manage.queries import granted_ids
from facilities.needs.matching import PUT_ASIDE, Wanted, likeliest, suggestions_of, wanted_in
from facilities.needs.models import NeedState, NeedSuggestion, NeedWatch, PublicNeed
from facilities.networks.models import Membership, Network, in_lists
from facilities.search.keeping import kept
from search_index import Part

PER_PAGE = 20
MOST_WORDS = 8
MOST_KEPT = 256
"""Needs of which a process remembers why listings were found for them."""

SORTS = ("newest", "ending")
Some = tuple[list[PublicNeed], int]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of needs is asked for: words, a country and a network. `ended`: those that are met or over."""

    text: str = ""
    country: str = ""
    network: str = ""
    sort: str = "newest"
    ended: bool = False

    @property
    def is_filtered(self) -> bool:
        return bool(self.text or self.country or self.network)


@dataclass(frozen=True, slots=True)
class Why:
    """What search says of a listing that it finds: see Card. `parts` only where they were asked for."""

    snippet: list[tuple[str, bool]]
    missing: list[str]
    distance: float | None
    score: float
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Match:
    """A listing that was found for a need, and what search says of it now, if it still finds it."""

    suggestion: NeedSuggestion
    listing: Listing
    card: Why | None


def public_needs(asked: Asked, page: int, per_page: int = PER_PAGE) -> Some:
    """One page of the needs that anybody may read, and how many there are in all."""
    over = PublicNeed.ends_on < site_today()
    over = sa.or_(PublicNeed.state == NeedState.MET, sa.and_(PublicNeed.state == NeedState.OPEN, over))
    going = sa.and_(PublicNeed.state == NeedState.OPEN, PublicNeed.ends_on >= site_today())
    query = _public().where(over if asked.ended else going, *_conditions(asked))
    last = PublicNeed.ends_on.desc() if asked.ended else PublicNeed.ends_on
    order = last if asked.ended or asked.sort == "ending" else PublicNeed.posted_at.desc()
    return _page(query.order_by(order, PublicNeed.id.desc()), page, per_page)


def _public() -> sa.Select[Any]:
    shown = sa.or_(PublicNeed.network_id.is_(None), in_lists())
    query = sa.select(PublicNeed).join(LISTINGS, LISTINGS.c.id == PublicNeed.organisation_id)
    return query.outerjoin(Network, Network.id == PublicNeed.network_id).where(
        LISTINGS.c.status == Status.PUBLISHED, shown
    )


def _conditions(asked: Asked) -> list[sa.ColumnElement[bool]]:
    said = (PublicNeed.title, PublicNeed.text, PublicNeed.place, LISTINGS.c.name)
    found: list[sa.ColumnElement[bool]] = [
        sa.or_(*(column.icontains(word, autoescape=True) for column in said))
        for word in asked.text.split()[:MOST_WORDS]
    ]
    if asked.country:
        found.append(LISTINGS.c.country == asked.country.upper())
    if asked.network:
        found.append(Network.slug == asked.network)
    return found


def _page(query: sa.Select[Any], page: int, per_page: int) -> Some:
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    loads = (joinedload(PublicNeed.organisation), joinedload(PublicNeed.network))
    rows = db.session.scalars(query.options(*loads).limit(per_page).offset((page - 1) * per_page))
    return list(rows), total


def countries_with_needs() -> list[str]:
    """Codes of the countries of the organisations that have posted any."""
    query = _public().with_only_columns(LISTINGS.c.country).where(PublicNeed.state == NeedState.OPEN).distinct()
    return sorted(filter(None, db.session.scalars(query)))


def need_called(need_id: int, *, to_change: bool = False) -> PublicNeed | None:
    """The need with its organisation and network; to change it, locked and read after the lock."""
    options: dict[str, Any] = {}
    if to_change:
        db.session.scalar(sa.select(PublicNeed.id).where(PublicNeed.id == need_id).with_for_update())
        options = {"populate_existing": True}
    loads = (joinedload(PublicNeed.organisation), joinedload(PublicNeed.network), joinedload(PublicNeed.author))
    query = sa.select(PublicNeed).where(PublicNeed.id == need_id).options(*loads)
    return db.session.scalar(query, execution_options=options)


def matches_of(need: PublicNeed, *, explain: bool = False) -> list[Match]:
    """What was found for it and is still public, best first, with why: what search answers now."""
    shown = [each for each in suggestions_of(need.id) if each.dropped_at is None and each.position < PUT_ASIDE]
    cards = _reasons(wanted_in(need), explain) if shown else {}
    listings = {listing.id: listing for listing in published_by_ids([each.listing_id for each in shown])}
    return [
        Match(each, listings[each.listing_id], cards.get(each.listing_id))
        for each in shown
        if each.listing_id in listings
    ]


def _reasons(wanted: Wanted, explain: bool) -> dict[int, Why]:
    """By listing, kept until the index changes: the page of a need is open to everybody, and each asking searches
    twice."""
    key = ("reasons", wanted, explain, spoken_now())
    return kept("needs", key, lambda: _reasons_now(wanted, explain), most=MOST_KEPT)


def _reasons_now(wanted: Wanted, explain: bool) -> dict[int, Why]:
    return {
        card.listing.id: Why(card.snippet, card.missing, card.distance, card.score, card.parts)
        for card in likeliest(wanted, explain=explain)
    }


def waiting_needs(network: Network | None, page: int, *, everywhere: bool = False) -> Some:
    """One page of those that wait for the desk of a network, or for the site's; `everywhere` for either."""
    query = sa.select(PublicNeed).where(PublicNeed.state == NeedState.WAITING)
    if not everywhere:
        query = query.where(PublicNeed.network_id == (network.id if network else None))
    return _page(query.order_by(PublicNeed.changed_at, PublicNeed.id), page, PER_PAGE)


def waiting_needs_count(network: Network) -> int:
    """How many wait for the desk of a network."""
    waiting = (PublicNeed.network_id == network.id, PublicNeed.state == NeedState.WAITING)
    return db.session.scalar(sa.select(sa.func.count()).select_from(PublicNeed).where(*waiting)) or 0


def needs_of(user: User, page: int) -> Some:
    """One page of those of the organisations that the user edits, in any state, and how many there are in all."""
    query = sa.select(PublicNeed).where(PublicNeed.organisation_id.in_(granted_ids(user)))
    return _page(query.order_by(PublicNeed.changed_at.desc(), PublicNeed.id.desc()), page, PER_PAGE)


def open_needs_of(organisation_id: int, limit: int = 5) -> list[PublicNeed]:
    """What an organisation looks for in public now, the soonest end first."""
    own = _public().where(PublicNeed.organisation_id == organisation_id, PublicNeed.state == NeedState.OPEN)
    going = own.where(PublicNeed.ends_on >= site_today()).order_by(PublicNeed.ends_on, PublicNeed.id)
    return list(db.session.scalars(going.limit(limit)))


def organisations_to_post_for(user: User) -> dict[int, str]:
    """The public organisations on which the user has a right: names by id."""
    query = sa.select(LISTINGS.c.id, LISTINGS.c.name).where(
        LISTINGS.c.id.in_(granted_ids(user)),
        LISTINGS.c.kind == Kind.ORGANISATION,
        LISTINGS.c.status == Status.PUBLISHED,
    )
    return dict(db.session.execute(query.order_by(LISTINGS.c.name)).all())


def networks_of(organisation_ids: list[int], on: date | None = None) -> dict[int, list[Network]]:
    """The public networks of which each organisation is a member on a day (today), by name."""
    query = sa.select(Membership).where(Membership.organisation_id.in_(organisation_ids))
    held: dict[int, list[Network]] = {}
    for membership in db.session.scalars(query.options(joinedload(Membership.network))):
        if membership.holds_on(on or site_today()) and membership.network.listed:
            held.setdefault(membership.organisation_id, []).append(membership.network)
    return {key: sorted(networks, key=lambda each: each.name.casefold()) for key, networks in held.items()}


def watched_by(user: User) -> set[int]:
    """The ids of the listings for which the user gets letters about needs."""
    return set(db.session.scalars(sa.select(NeedWatch.listing_id).where(NeedWatch.user_id == user.id)))


def in_network(asked: Asked, network: Network) -> Asked:
    """The same within a network's part of the site."""
    return replace(asked, network=network.slug)
