"""Finding listings that look like the same thing: when one is entered, in an import, and in the whole catalogue."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import selectinload

from facilities.catalogue.actions import By
from facilities.catalogue.models import LISTINGS, Actor, Instrument, Kind, Listing, Organisation, Revision, Status
from facilities.catalogue.names import fold
from facilities.db import db, now, writing
from facilities.moderation.likeness import HOLDERS, Sign, Traits, web_key
from facilities.moderation.merging import LIVE
from facilities.moderation.models import Duplicate, PairState

MOST_SHARING = 3
"""Listings of a kind that have one web address before it says nothing any more: the front page of a university."""
MOST_SHOWN = 8
WORD, FEWEST, MOST_WORDS = 4, 2, 8
"""Letters by which words are compared at first, how many of a name's rarest words are looked for in what is loaded, and
how many words the database looks for."""
OVERLAP = timedelta(minutes=15)
"""Changes that may have been saved after a scan although they were made before it."""
SCANNED = "duplicates_scanned_at"

ORGANISATIONS, INSTRUMENTS = cast("sa.Table", Organisation.__table__), cast("sa.Table", Instrument.__table__)
Pair = tuple[int, int]
Signs = tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """A listing that looks like what was asked about, and why, the surest sign first."""

    listing: Listing
    signs: Signs


def find_duplicates(
    kind: Kind,
    fields: Mapping[str, Any],
    *,
    parent: Listing | None = None,
    apart: Listing | None = None,
    among: Collection[Status] = (Status.PUBLISHED,),
) -> list[Likeness]:
    """Listings that look like one that says `fields` (values as `content.read` gives them) and belongs to `parent`, at
    most MOST_SHOWN. `apart` is the listing itself if it is stored: what was found to be another one is left out."""
    traits = traits_below(kind, fields, parent)
    finder = Finder.load(kind=kind, among=among, narrow=_near(traits))
    found = finder.like(traits, apart=apart.id if apart else 0)[:MOST_SHOWN]
    query = sa.select(Listing).where(Listing.id.in_([listing_id for listing_id, _signs in found]))
    listings = {each.id: each for each in db.session.scalars(query.options(selectinload(Listing.parent)))}
    return [Likeness(listings[listing_id], signs) for listing_id, signs in found if listing_id in listings]


def traits_below(kind: Kind, fields: Mapping[str, Any], parent: Listing | None) -> Traits:
    """What a listing is compared by that says `fields` and belongs to `parent`."""
    top = 0
    if parent is not None:
        top = parent.organisation_id or (parent.id if parent.kind == Kind.ORGANISATION else 0)
    return Traits.of(kind, fields, parent=parent.id if parent else 0, organisation=top)


class Finder:
    """Knows what listings are compared by; loaded once, it answers many questions."""

    def __init__(self, known: Iterable[Traits], different: Collection[Pair] = ()) -> None:
        self.traits: dict[int, Traits] = {}
        self.different = set(different)
        self._sharing: dict[tuple[Kind, Sign, str], list[int]] = defaultdict(list)
        self._named: dict[tuple[Kind, int, str], list[int]] = defaultdict(list)
        for traits in known:
            self.learn(traits)

    @classmethod
    def load(
        cls,
        *,
        kind: Kind | None = None,
        among: Collection[Status] = LIVE,
        narrow: sa.ColumnElement[bool] | None = None,
    ) -> "Finder":
        """All listings with one of these statuses: of one kind, or only those of a clause, where given."""
        query = _COMPARED.where(LISTINGS.c.status.in_(among))
        query = query if kind is None else query.where(LISTINGS.c.kind == kind)
        query = query if narrow is None else query.where(narrow)
        different = sa.select(Duplicate.first_id, Duplicate.second_id).where(Duplicate.state == PairState.DIFFERENT)
        rows = db.session.execute(query)
        return cls((Traits(*row) for row in rows), {(first, second) for first, second in db.session.execute(different)})

    def learn(self, traits: Traits) -> None:
        """Know one more listing; its id must be one that no other has."""
        self.traits[traits.id] = traits
        for sign, key in traits.shared():
            self._sharing[traits.kind, sign, key].append(traits.id)
        for word in set(_words(traits)):
            self._named[traits.kind, _place(traits), word].append(traits.id)

    def like(self, traits: Traits, *, apart: int = 0) -> list[tuple[int, Signs]]:
        """The ids of listings that look like this one, each with the signs; the surest first. `apart` is its own id, if
        it has one: itself, what it belongs to and what was found to be another are left out."""
        signs: dict[int, list[Sign]] = defaultdict(list)
        for sign, key in traits.shared():
            sharing = self._sharing.get((traits.kind, sign, key), ())
            for listing_id in sharing if sign != Sign.WEBSITE else self._of_one_website(sharing, traits):
                signs[listing_id].append(sign)
        for listing_id in self._named_like(traits):
            signs[listing_id].append(Sign.NAME)
        found = (
            (listing_id, tuple(each)) for listing_id, each in signs.items() if self._may_be(listing_id, traits, apart)
        )
        return sorted(found, key=lambda one: (-len(one[1]), ORDER[one[1][0]], one[0]))

    def _of_one_website(self, sharing: Collection[int], traits: Traits) -> list[int]:
        """Those for which a website says something: not shared by many, nor the branch of a company abroad."""
        near = [each for each in sharing if self.traits[each].is_in_country_of(traits)]
        return near if len(sharing) <= MOST_SHARING else []

    def _named_like(self, traits: Traits) -> Iterator[int]:
        """Listings with nearly the same name, looked for among those that share one of its rarest words."""
        sharing = (self._named.get((traits.kind, _place(traits), word), ()) for word in set(_words(traits)))
        rarest = sorted(filter(None, sharing), key=len)[:FEWEST]
        for listing_id in {each for ids in rarest for each in ids}:
            if self.traits[listing_id].is_named_like(traits):
                yield listing_id

    def _may_be(self, listing_id: int, traits: Traits, apart: int) -> bool:
        related = listing_id in (apart, traits.parent) or bool(apart and self.traits[listing_id].parent == apart)
        return not related and (min(apart, listing_id), max(apart, listing_id)) not in self.different


ORDER = {sign: place for place, sign in enumerate(Sign)}


def keep_pairs_current() -> None:
    """Scan what has changed since this process last did; at first everything, which puts right what others missed."""
    started = now()
    scan_duplicates(since=current_app.extensions.get(SCANNED))
    current_app.extensions[SCANNED] = started


def scan_duplicates(*, since: datetime | None = None) -> int:
    """Store the pairs of listings that look the same, for listings changed since then (all, if no time is given), and
    drop undecided ones that do so no longer; gives the number of new pairs. One commit."""
    changed = _changed(since)
    if not changed:
        return 0
    finder = Finder.load()
    found = {
        (min(listing_id, other), max(listing_id, other)): signs
        for listing_id in changed & finder.traits.keys()
        for other, signs in finder.like(finder.traits[listing_id], apart=listing_id)
    }
    db.session.rollback()
    writing()
    new = _store(found)
    _drop(changed, found)
    db.session.commit()
    return new


def mark_different(listing: Listing, other: Listing, *, by: By) -> Duplicate:
    """Note that two listings are not the same thing, so that they are not proposed again; the caller commits."""
    first, second = sorted((listing.id, other.id))
    pair = db.session.scalar(sa.select(Duplicate).filter_by(first_id=first, second_id=second))
    if pair is None:
        pair = Duplicate(first_id=first, second_id=second)
        db.session.add(pair)
    pair.state, pair.decided_by, pair.decided_at = PairState.DIFFERENT, Actor.of(by).name, now()
    return pair


def _changed(since: datetime | None) -> set[int]:
    if since is None:
        return set(db.session.scalars(sa.select(LISTINGS.c.id).where(LISTINGS.c.status.in_(LIVE))))
    return set(db.session.scalars(sa.select(Revision.listing_id).where(Revision.made_at >= since - OVERLAP).distinct()))


def _store(found: Mapping[Pair, Signs]) -> int:
    """Add the pairs that are not known yet."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    known = {
        (first, second) for first, second in db.session.execute(sa.select(Duplicate.first_id, Duplicate.second_id))
    }
    new = [
        {"first_id": pair[0], "second_id": pair[1], "signs": [sign.value for sign in signs]}
        for pair, signs in sorted(found.items())
        if pair not in known
    ]
    if new:
        db.session.execute(insert(Duplicate).on_conflict_do_nothing(), new)
    return len(new)


def _drop(changed: Collection[int], found: Collection[Pair]) -> None:
    """Remove undecided pairs of changed listings that do not look the same any more."""
    undecided = sa.select(Duplicate.id, Duplicate.first_id, Duplicate.second_id).where(
        Duplicate.state == PairState.OPEN
    )
    gone = [
        pair_id
        for pair_id, first, second in db.session.execute(undecided)
        if (first in changed or second in changed) and (first, second) not in found
    ]
    for start in range(0, len(gone), 500):
        db.session.execute(sa.delete(Duplicate).where(Duplicate.id.in_(gone[start : start + 500])))


def _words(traits: Traits) -> Iterator[str]:
    return (word[:WORD] for word in traits.name.split())


def _place(traits: Traits) -> int:
    """Names of instruments and services are compared within their organisation only, or else their facility."""
    return 0 if traits.kind in HOLDERS else traits.organisation or -traits.parent


def _compared() -> sa.Select[Any]:
    """The columns of `Traits`, in its order."""
    table, organisations, instruments = LISTINGS.c, ORGANISATIONS.c, INSTRUMENTS.c
    texts = (
        table.ror, organisations.company_number, table.doi, table.rrid, table.url,
        instruments.manufacturer, instruments.serial_number, instruments.inventory_number,
        table.country, table.city,
    )  # fmt: skip
    ids = (table.organisation_id, table.parent_id)
    told = (*(sa.func.coalesce(text, "") for text in texts), *(sa.func.coalesce(each, 0) for each in ids))
    query = sa.select(table.kind, table.name_key, table.id, *told)
    query = query.outerjoin(ORGANISATIONS, organisations.id == table.id)
    return query.outerjoin(INSTRUMENTS, instruments.id == table.id)


_COMPARED = _compared()


def _near(traits: Traits) -> sa.ColumnElement[bool]:
    """Listings that may share a sign with this one: wide, but far from all."""
    columns = {**dict(LISTINGS.c.items()), **dict(INSTRUMENTS.c.items()), **dict(ORGANISATIONS.c.items())}
    shared = [columns[name].icontains(_longest(value), autoescape=True) for name, value in _numbers(traits)]
    if number := traits.bare_company_number:
        bare = sa.func.replace(sa.func.replace(ORGANISATIONS.c.company_number, "-", ""), " ", "")
        shared.append(bare.icontains(number, autoescape=True))
    return sa.or_(sa.and_(_named_near(traits), _placed_near(traits)), *shared)


def _named_near(traits: Traits) -> sa.ColumnElement[bool]:
    """Names with half of the words."""
    words = sorted(set(_words(traits)), key=len)[-MOST_WORDS:]
    having = [sa.case((LISTINGS.c.name_key.contains(word, autoescape=True), 1), else_=0) for word in words]
    return sum(having, sa.literal(0)) >= max(1, len(words) // 2)


def _placed_near(traits: Traits) -> sa.ColumnElement[bool]:
    if traits.kind not in HOLDERS:
        return sa.or_(LISTINGS.c.organisation_id == traits.organisation, LISTINGS.c.parent_id == traits.parent)
    if not traits.country:
        return sa.true()
    return sa.or_(LISTINGS.c.country == traits.country, LISTINGS.c.country.is_(None))


def _numbers(traits: Traits) -> list[tuple[str, str]]:
    names = ("ror", "doi", "rrid", "serial_number", "inventory_number")
    found = [(name, getattr(traits, name)) for name in names] + [("url", web_key(traits.url).partition("/")[0])]
    return [(name, value) for name, value in found if _longest(value)]


def _longest(value: str) -> str:
    """The longest part of a number that is written the same however it is parted: "556036-0793" -> "556036"."""
    return max(fold(value).split(), key=len, default="") if "." not in value else value
