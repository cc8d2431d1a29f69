"""Finding who else has one: the search engine says which instruments can do the same and how far away they are; what
they share and which of them are the same model decides the order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from facilities.catalogue.models import (
    LISTINGS,
    Instrument,
    InstrumentStatus,
    Kind,
    Listing,
)
from facilities.catalogue.models.listing import listing_techniques
from facilities.catalogue.queries import published_by_ids
from facilities.catalogue.queries.relatives import LEAST_SHARED
from facilities.db import db
from facilities.insight.others.sought import EQUIVALENT, MOST_TECHNIQUES, Wanted
from facilities.insight.others.subject import Subject
from facilities.search.index import index
from search_index import Near, Query, Result

MOST_COMPARED = 400
"""Instruments that are compared, the nearest first."""
MOST_OF_MODEL = 60
STEPS = 4
"""In how many steps it counts how much is shared."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How the visitor narrowed it: `radius` in km, `groups` values of UserGroup of which one is enough; `only_same`:
    the same model or family; `nearest_first`: by distance alone."""

    radius: int | None = None
    groups: tuple[str, ...] = ()
    only_same: bool = False
    nearest_first: bool = False

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
        return {"access": self.groups} if self.groups else {}


@dataclass(frozen=True, slots=True)
class Other:
    """One that somebody else has. `likeness` is SAME, FAMILY or EQUIVALENT; `shared` are labels of techniques, the
    rarest first; `distance` is in km; `idle_hours` those of a usual week; `own`: of the same organisation."""

    listing: Listing
    likeness: int
    shared: Sequence[str]
    distance: float | None
    own: bool
    status: InstrumentStatus | None
    idle_hours: int | None

    @property
    def modes(self) -> list[str]:
        """How it is used, in words."""
        terms = self.listing.terms
        return [str(mode.label) for mode in terms.user_modes] if terms else []


@dataclass(frozen=True, slots=True)
class Others:
    """A page of those found; `total` of them all, of which `same` are the same model or family and `own` belong to the
    same organisation."""

    shown: list[Other] = field(default_factory=list)
    total: int = 0
    same: int = 0
    own: int = 0


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: int
    organisation_id: int
    likeness: int
    shared: tuple[str, ...]
    weight: float
    distance: float | None
    status: InstrumentStatus | None
    idle_hours: int | None

    def order(self, best: float) -> tuple[float, ...]:
        """`best` is the most that any shares. Of those that share about as much the nearest comes first."""
        return (-self.likeness, -round(STEPS * self.weight / best) if best else 0, self.far, self.id)

    @property
    def far(self) -> float:
        """The distance; what stands nobody knows where is farthest."""
        return self.distance if self.distance is not None else float("inf")


def others_like(subject: Subject, wish: Wish | None = None, *, limit: int = 20, offset: int = 0) -> Others:
    """Published instruments like the subject: the same model first, then what shares the narrowest techniques, then the
    nearest. Two searches and at most four statements, however many there are."""
    if subject.is_empty or not index().exists():
        return Others()
    found = _ranked(subject, wish or Wish())
    return Others(
        shown=_shown(found[offset : offset + limit], subject),
        total=len(found),
        same=sum(each.likeness > EQUIVALENT for each in found),
        own=sum(each.organisation_id == subject.organisation_id != 0 for each in found),
    )


def _shown(found: Sequence[_Candidate], subject: Subject) -> list[Other]:
    listings = {listing.id: listing for listing in published_by_ids([each.id for each in found])}
    return [
        Other(
            listing=listings[each.id],
            likeness=each.likeness,
            shared=each.shared,
            distance=each.distance,
            own=each.organisation_id == subject.organisation_id != 0,
            status=each.status,
            idle_hours=each.idle_hours,
        )
        for each in found
        if each.id in listings
    ]


def _ranked(subject: Subject, wish: Wish) -> list[_Candidate]:
    wanted = Wanted(subject)
    found = _candidates(subject, wish, wanted)
    best = max((each.weight for each in found), default=0.0)
    kept = [each for each in found if each.likeness or 0 < best * LEAST_SHARED <= each.weight]
    wished = [each for each in kept if each.likeness or not wish.only_same]
    by_likeness = sorted(wished, key=lambda each: each.order(best))
    return sorted(by_likeness, key=lambda each: each.far) if wish.nearest_first else by_likeness


def _candidates(subject: Subject, wish: Wish, wanted: Wanted) -> list[_Candidate]:
    able = _search(subject, wish, wanted.techniques)
    named = _search_model(subject, wish)
    distances = {**named.distances, **able.distances}
    ids = [id_ for id_ in dict.fromkeys((*named.ids, *able.ids)) if id_ != subject.listing_id]
    counts = dict(able.facets.get("technique", []))
    shared = _shared(ids, wanted)
    found = []
    for row in db.session.execute(_INSTRUMENTS, {"ids": ids}):
        if row.instrument_status == InstrumentStatus.RETIRED:
            continue
        weights = _weights(shared.get(row.id, []), wanted, counts)
        found.append(
            _Candidate(
                id=row.id,
                organisation_id=row.organisation_id or 0,
                likeness=wanted.likeness_of(row.manufacturer, row.model),
                shared=_named(weights, wanted),
                weight=sum(weights.values()),
                distance=distances.get(row.id),
                status=row.instrument_status,
                idle_hours=row.idle_hours,
            )
        )
    return found


def _weights(slugs: Sequence[str], wanted: Wanted, counts: Mapping[str, int]) -> dict[str, float]:
    """What each shared technique counts, the rarest first: the less the more instruments have it or, for a narrower
    one, that which is looked for; of several below the same only the best counts."""
    best: dict[str, tuple[float, str]] = {}
    for slug in slugs:
        sought = wanted.techniques[slug]
        weight = sought.weight / max(1, counts.get(slug, 1), counts.get(sought.root, 1))
        best[sought.root] = max(best.get(sought.root, (0.0, "")), (weight, slug))
    return {slug: weight for weight, slug in sorted(best.values(), key=lambda each: (-each[0], each[1]))}


def _named(weights: Mapping[str, float], wanted: Wanted) -> tuple[str, ...]:
    """The labels of what makes the two alike, without techniques that nearly all have."""
    least = max(weights.values(), default=0.0) * LEAST_SHARED
    return tuple(wanted.techniques[slug].label for slug, weight in weights.items() if weight > least)


def _search(subject: Subject, wish: Wish, techniques: Mapping[str, object]) -> Result:
    """Instruments with any of the techniques, the nearest first."""
    if not techniques:
        return Result()
    return index().search(
        Query(
            filters={"kind": (Kind.INSTRUMENT.value,), "technique": tuple(techniques), **wish.filters},
            sort="distance" if subject.point else "name",
            near=_near(subject, wish),
            limit=MOST_COMPARED,
            facets=("technique",),
            facet_limit=MOST_TECHNIQUES,
            snippets=False,
            forgiving=False,
        )
    )


def _search_model(subject: Subject, wish: Wish) -> Result:
    """Instruments that have the words of the model, whatever their techniques."""
    if not subject.model:
        return Result()
    return index().search(
        Query(
            text=f"{subject.manufacturer} {subject.model}".strip(),
            filters={"kind": (Kind.INSTRUMENT.value,), **wish.filters},
            near=_near(subject, wish),
            limit=MOST_OF_MODEL,
            facets=(),
            snippets=False,
        )
    )


def _near(subject: Subject, wish: Wish) -> Near | None:
    return Near(*subject.point, radius_km=wish.radius) if subject.point else None


def _shared(ids: Sequence[int], wanted: Wanted) -> dict[int, list[str]]:
    """The slugs of the techniques looked for that each instrument has."""
    by_id = {sought.id: slug for slug, sought in wanted.techniques.items()}
    found: dict[int, list[str]] = {}
    for listing_id, technique_id in db.session.execute(_TECHNIQUES, {"ids": ids, "techniques": list(by_id)}):
        found.setdefault(listing_id, []).append(by_id[technique_id])
    return found


_of = listing_techniques.c
_TECHNIQUES = sa.select(_of.listing_id, _of.technique_id).where(
    _of.listing_id.in_(sa.bindparam("ids", expanding=True)),
    _of.technique_id.in_(sa.bindparam("techniques", expanding=True)),
)
_table = sa.inspect(Instrument).local_table.c
_INSTRUMENTS = (
    sa.select(
        _table.id, _table.manufacturer, _table.model, _table.instrument_status, _table.idle_hours,
        LISTINGS.c.organisation_id,
    )
    .join(LISTINGS, LISTINGS.c.id == _table.id)
    .where(_table.id.in_(sa.bindparam("ids", expanding=True)))
)  # fmt: skip
