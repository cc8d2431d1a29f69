"""Counting what organisations have and do: instruments, services, offers, and what companies may use."""

import json
from collections import Counter
from datetime import date, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from facilities.catalogue.models import LISTINGS, Instrument, Kind, Offer, Technique
from facilities.catalogue.models.access import AccessTerms, Certificate
from facilities.catalogue.models.listing import listing_techniques
from facilities.catalogue.models.terms import OfferKind, UserGroup
from facilities.db import db
from facilities.insight.facts.figure import Counted, Question, Row
from facilities.search.understanding import certificate_name

MOST_TECHNIQUES = 15
AGES = (
    (5, _("Less than 5 years")), (10, _("5 to 9 years")), (15, _("10 to 14 years")), (20, _("15 to 19 years")),
    (1000, _("20 years or more")),
)  # fmt: skip
"""Years since it was acquired, below which each class ends."""

INSTRUMENTS = Instrument.__table__.c
OFFERS = Offer.__table__.c
OPENABLE = (Kind.FACILITY, Kind.INSTRUMENT, Kind.SERVICE)


def by_technique(asked: Question) -> Counted:
    """The techniques of most instruments; one of several techniques is counted with each."""
    listing_id, technique_id = listing_techniques.c.listing_id, listing_techniques.c.technique_id
    tagged = listing_id.in_(asked.scope.listings().where(LISTINGS.c.kind == Kind.INSTRUMENT))
    many = sa.func.count()
    most = sa.select(technique_id, many).where(tagged).group_by(technique_id).order_by(many.desc(), technique_id)
    top: dict[int, int] = dict(db.session.execute(most.limit(MOST_TECHNIQUES)).all())
    in_top = sa.case((technique_id.in_(list(top)), listing_id))
    numbers = sa.select(sa.func.count(sa.distinct(listing_id)), sa.func.count(sa.distinct(in_top))).where(tagged)
    with_any, with_top = db.session.execute(numbers).one()
    others = [Row("others", _("Other techniques only"), with_any - with_top)] if with_any > with_top else []
    return Counted([*_technique_rows(top), *others], with_any, asked.kinds[Kind.INSTRUMENT])


def _technique_rows(counted: dict[int, int]) -> list[Row]:
    query = sa.select(Technique.id, Technique.slug, Technique.labels).where(Technique.id.in_(list(counted)))
    found = {id_: (slug, labels) for id_, slug, labels in db.session.execute(query)}
    named = [(*found[id_], many) for id_, many in counted.items()]
    searched = ("kind", "instrument")
    return [Row(slug, labels, many, search=(searched, ("technique", slug))) for slug, labels, many in named]


def by_age(asked: Question) -> Counted:
    year = sa.func.substr(INSTRUMENTS.acquired, 1, 4)
    query = sa.select(year, sa.func.count()).where(INSTRUMENTS.id.in_(asked.scope.listings())).group_by(year)
    years = {int(text): many for text, many in db.session.execute(query) if text.isdigit() and len(text) == 4}
    ages: Counter[int] = Counter()
    for acquired, many in years.items():
        ages[next(most for most, _label in AGES if asked.today.year - acquired < most)] += many
    rows = [Row(f"-{most}", label, ages[most]) for most, label in AGES]
    return Counted(rows if ages else [], sum(ages.values()), asked.kinds[Kind.INSTRUMENT])


def by_certificate(asked: Question) -> Counted:
    """Services by the certificates that they name themselves; editions of one standard are one."""
    table = LISTINGS.join(Certificate, Certificate.listing_id == LISTINGS.c.id)
    query = sa.select(LISTINGS.c.id, Certificate.name).select_from(table).where(LISTINGS.c.kind == Kind.SERVICE)
    named: dict[str, set[int]] = {}
    for id_, name in db.session.execute(query.where(LISTINGS.c.id.in_(asked.scope.listings()))):
        named.setdefault(certificate_name(name), set()).add(id_)
    rows = [
        Row(name, name, len(ids), search=(("kind", "service"), ("certificate", name))) for name, ids in named.items()
    ]  # fmt: skip
    known = len(set[int]().union(*named.values()))
    ordered = sorted(rows, key=lambda row: (-(row.value or 0), row.key))[:MOST_TECHNIQUES]
    return Counted(ordered, known, asked.kinds[Kind.SERVICE])


def open_to_companies(asked: Question) -> Counted:
    """By kind, how many of those that say who may use them name companies. Terms are those that hold there: its own,
    else its facility's, else its organisation's."""
    own, above, top = (sa.alias(AccessTerms.__table__) for _terms in range(3))
    table = LISTINGS.outerjoin(own, own.c.listing_id == LISTINGS.c.id)
    table = table.outerjoin(above, above.c.listing_id == LISTINGS.c.parent_id)
    table = table.outerjoin(top, top.c.listing_id == LISTINGS.c.organisation_id)
    groups = sa.func.coalesce(*(sa.cast(each.c.groups, sa.Text) for each in (own, above, top)))
    query = sa.select(LISTINGS.c.kind, groups, sa.func.count()).select_from(table).group_by(LISTINGS.c.kind, groups)
    stating: Counter[Kind] = Counter()
    opened: Counter[Kind] = Counter()
    for kind, text, many in db.session.execute(query.where(LISTINGS.c.id.in_(asked.scope.listings()))):
        named = json.loads(text or "[]")
        stating[kind] += many if named else 0
        opened[kind] += many if UserGroup.COMPANIES in named else 0
    rows = [
        Row(kind.value, kind.plural, opened[kind], stating[kind], (("kind", kind.value), ("access", "companies")))
        for kind in OPENABLE if stating[kind]
    ]  # fmt: skip
    return Counted(rows, sum(stating[kind] for kind in OPENABLE), sum(asked.kinds[kind] for kind in OPENABLE))


def offers_by_kind(asked: Question) -> Counted:
    query = sa.select(OFFERS.offer_kind, sa.func.count()).where(*_open(asked)).group_by(OFFERS.offer_kind)
    counted: Counter[OfferKind] = Counter(dict(db.session.execute(query).all()))
    rows = [
        Row(kind.value, kind.label, counted[kind], search=(("kind", "offer"), ("offer", kind.value)))
        for kind in OfferKind if counted[kind]
    ]  # fmt: skip
    many = counted.total()
    return Counted(rows, many, many, many)


def premises(asked: Question) -> Counted:
    """Square metres of premises by when they are free."""
    area = sa.func.coalesce(OFFERS.area_max, OFFERS.area_min)
    query = sa.select(OFFERS.free_from, area).where(*_open(asked), OFFERS.offer_kind == OfferKind.PREMISES)
    sums: Counter[str] = Counter()
    found = db.session.execute(query).all()
    for free_from, metres in found:
        sums[_when(free_from, asked.today)] += metres or 0
    rows = [Row(key, label, sums[key]) for key, label in WHEN if sums[key]]
    return Counted(rows, sum(metres is not None for _from, metres in found), len(found), sums.total() if rows else None)


WHEN = (
    ("now", _("Free now")), ("year", _("Free within twelve months")), ("later", _("Free later")),
    ("unknown", _("No date said")),
)  # fmt: skip


def _when(free_from: date | None, today: date) -> str:
    if free_from is None:
        return "unknown"
    if free_from <= today:
        return "now"
    return "year" if free_from <= today + timedelta(days=365) else "later"


def _open(asked: Question) -> tuple[sa.ColumnElement[bool], ...]:
    """Offers of the scope whose last day has not gone by."""
    still = sa.or_(OFFERS.open_until.is_(None), OFFERS.open_until >= asked.today)
    return OFFERS.id.in_(asked.scope.listings()), still
