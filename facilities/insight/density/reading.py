"""The instruments of a technique as density is counted from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa

from facilities.catalogue.gazetteer import town
from facilities.catalogue.models import LISTINGS, Instrument, InstrumentStatus, Kind, Status, Technique, UserGroup
from facilities.catalogue.models.listing import listing_techniques
from facilities.db import db
from facilities.insight.facts.scopes import members_of
from facilities.networks.models import Network
from facilities.search.index import index
from search_index import Query

DEEPEST = 4
NOT_HERE = (InstrumentStatus.RETIRED, InstrumentStatus.PLANNED)
"""Instruments that nobody can use now: they are not counted."""
MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Counted:
    """One instrument, or a set of `units`. `year` it was acquired, `idle_hours` of a usual week: None if not stated."""

    id: int
    name: str
    manufacturer: str
    model: str
    owner: str
    units: int
    city: str
    region: str
    country: str
    year: int | None
    idle_hours: int | None
    status: InstrumentStatus | None
    for_companies: bool
    for_academia: bool

    @property
    def where(self) -> tuple[str, str]:
        """Country and region, both empty where they are not known."""
        return self.country, self.region


def technique_called(slug: str) -> Technique | None:
    return db.session.scalar(sa.select(Technique).where(Technique.slug == slug))


def with_narrower(technique: Technique) -> dict[str, str]:
    """The slugs and labels of a technique and all below it."""
    this = sa.select(Technique.id, sa.literal(0).label("depth")).where(Technique.id == technique.id)
    chain = this.cte("chain", recursive=True)
    below = sa.select(Technique.id, chain.c.depth + 1).join(chain, Technique.broader_id == chain.c.id)
    chain = chain.union_all(below.where(chain.c.depth < DEEPEST))
    found = db.session.scalars(sa.select(Technique).where(Technique.id.in_(sa.select(chain.c.id))))
    return {each.slug: each.label for each in found}


def instruments_with(slugs: Sequence[str], network: Network | None = None) -> list[Counted]:
    """Published instruments with any of the techniques that can be used now, by name; of a network its
    members'. One statement and two searches, which know what is open to whom: access terms are inherited."""
    asked = _INSTRUMENTS.where(_one.c.organisation_id.in_(members_of(network))) if network else _INSTRUMENTS
    companies, academia = (_open_to(slugs, group) for group in (UserGroup.COMPANIES, UserGroup.ACADEMIA))
    return [
        Counted(
            id=row.id,
            name=row.name,
            manufacturer=row.manufacturer,
            model=row.model,
            owner=row.owner or "",
            units=row.quantity,
            city=row.city or "",
            region=region_of(row.city or "", row.country or "", row.region or ""),
            country=row.country or "",
            year=int(row.acquired[:4]) if row.acquired[:4].isdigit() else None,
            idle_hours=row.idle_hours,
            status=row.instrument_status,
            for_companies=row.id in companies,
            for_academia=row.id in academia,
        )
        for row in db.session.execute(asked, {"slugs": list(slugs)})
        if row.instrument_status not in NOT_HERE
    ]


def _open_to(slugs: Sequence[str], group: UserGroup) -> set[int]:
    if not index().exists():
        return set()
    filters = {"kind": (Kind.INSTRUMENT.value,), "technique": tuple(slugs), "access": (group.value,)}
    return set(index().search(Query(filters=filters, limit=MOST, facets=(), snippets=False, forgiving=False)).ids)


@lru_cache(maxsize=4_000)
def region_of(city: str, country: str, stated: str) -> str:
    """The region (county) that the gazetteer knows a town to be in, however owners write it; else what is stated."""
    found = town(city, country) if city and country else None
    return (found.admin if found else "") or stated


_one, _above, _owner = LISTINGS.alias("one"), LISTINGS.alias("above"), LISTINGS.alias("owner")
_particular = sa.inspect(Instrument).local_table.c


def _inherited(name: str) -> sa.ColumnElement[str]:
    """What the listing states, else its parent, else its organisation."""
    said = [sa.func.nullif(table.c[name], "") for table in (_one, _above, _owner)]
    return sa.func.coalesce(*said).label(name)


_wanted = (
    sa.select(listing_techniques.c.listing_id)
    .join(Technique, Technique.id == listing_techniques.c.technique_id)
    .where(Technique.slug.in_(sa.bindparam("slugs", expanding=True)))
)
_INSTRUMENTS = (
    sa.select(
        _one.c.id, _one.c.name, _owner.c.name.label("owner"), _inherited("city"), _inherited("region"),
        _inherited("country"), _particular.manufacturer, _particular.model, _particular.quantity,
        _particular.acquired, _particular.idle_hours, _particular.instrument_status,
    )
    .join(_particular.id.table, _particular.id == _one.c.id)
    .outerjoin(_above, _above.c.id == _one.c.parent_id)
    .outerjoin(_owner, _owner.c.id == _one.c.organisation_id)
    .where(_one.c.id.in_(_wanted), _one.c.status == Status.PUBLISHED)
    .order_by(_one.c.name, _one.c.id)
)  # fmt: skip
