"""How complete a listing is: what is missing, what each thing weighs, and why it matters to a visitor.

Counted twice from one table: in Python over what one listing says, and in SQL for lists of thousands.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from facilities.catalogue import content
from facilities.catalogue.models import (
    KINDS,
    LISTINGS,
    AccessTerms,
    Attachment,
    AttachmentKind,
    Contact,
    Kind,
    Listing,
    Price,
    Specification,
)
from facilities.catalogue.models.listing import listing_techniques
from facilities.db import Model

O, F, I, S, X = Kind  # noqa: E741 (the columns of the table, X being offers)


@dataclass(frozen=True, slots=True)
class Wish:
    """Something a complete listing says. `fields`: any of them will do; `weights`: what it counts for each kind."""

    fields: tuple[str, ...]
    section: str
    label: LazyString
    why: LazyString
    weights: Mapping[Kind, int]

    @property
    def field(self) -> str:
        return self.fields[0]


@dataclass(frozen=True, slots=True)
class Missing:
    """Something a listing does not say: the section and field to say it in, and why it matters to a visitor."""

    section: str
    field: str
    label: LazyString
    why: LazyString


@dataclass(frozen=True, slots=True)
class Completeness:
    """`percent` from 0 to 100; `missing` with what weighs most first."""

    percent: int
    missing: list[Missing]


WISHES = (
    Wish(("description",), "texts", _("Description"), _("Most visitors decide by it, and search reads it."),
         {O: 3, F: 3, I: 3, S: 3, X: 3}),
    Wish(("summary",), "texts", _("Summary"), _("Search results show it below the name."),
         {O: 2, F: 2, I: 1, S: 2, X: 2}),
    Wish(("techniques",), "techniques", _("Techniques"), _("Visitors search and filter by technique."),
         {F: 2, I: 3, S: 3}),
    Wish(("contacts",), "contacts", _("Contact"), _("Without one, enquiries reach nobody who knows the answer."),
         {O: 2, F: 3, I: 2, S: 2, X: 3}),
    Wish(("access.groups",), "access", _("Who may use it"), _("Companies and guests filter by who may use it."),
         {F: 2, I: 2, S: 2}),
    Wish(("access.modes",), "access", _("How it is used"), _("It says whether one has to travel or can send samples."),
         {F: 1, I: 1, S: 1}),
    Wish(("access.price_level",), "access", _("Price level"), _("Companies filter by price level."),
         {F: 1, I: 1, S: 2}),
    Wish(("access.training",), "access", _("Training"), _("New users ask this first."), {F: 1, I: 1}),
    Wish(("prices",), "prices", _("Prices"), _("Even a rough price spares both sides a letter."), {F: 1, I: 1, S: 1}),
    Wish(("city",), "place", _("City"), _("Visitors look for what is near them."),
         {O: 2, F: 2, I: 1, S: 1, X: 1}),
    Wish(("lat",), "place", _("Place on the map"), _("Without it the listing is not on the map."),
         {O: 1, F: 1, I: 1, S: 1, X: 1}),
    Wish(("url",), "basics", _("Website"), _("Visitors check there who is behind the listing."),
         {O: 2, F: 1, X: 1}),
    Wish(("roles",), "basics", _("Roles in the value chain"), _("Visitors and the map sort organisations by role."),
         {O: 2}),
    Wish(("ror", "company_number"), "basics", _("ROR or company number"),
         _("Other systems recognise the organisation by it."), {O: 1}),
    Wish(("manufacturer",), "basics", _("Manufacturer"), _("Visitors search by maker."), {I: 2}),
    Wish(("model",), "basics", _("Model"), _("Visitors search by model."), {I: 2}),
    Wish(("instrument_status",), "basics", _("Status of the instrument"),
         _("It says whether the instrument can be used now."), {I: 1}),
    Wish(("specification",), "specification", _("Specification"), _("Visitors compare instruments by technical data."),
         {I: 1}),
    Wish(("sample_input",), "basics", _("What is sent in"), _("Customers plan their samples by it."), {S: 2}),
    Wish(("deliverables",), "basics", _("What comes out"), _("Customers order by what they get."), {S: 2}),
    Wish(("lead_time_max",), "basics", _("Lead time"), _("Companies plan by lead time."), {S: 2}),
    Wish(("images",), "media", _("Image"), _("A picture says at a glance what it is."),
         {O: 1, F: 1, I: 1, X: 1}),
)  # fmt: skip
"""What a complete listing says, and what each thing weighs for each kind."""


def completeness(values: Mapping[str, Any], kind: Kind, inherited: Collection[str] = ()) -> Completeness:
    """How complete a listing is that says `values` (as `content.read` gives them).

    `inherited` names what visitors are told in its stead by what it belongs to: see `inherited_by`.
    """
    wishes = _of(kind)
    lacking = [wish for wish in wishes if not _says(values, wish) and wish.field not in inherited]
    total, lost = sum(wish.weights[kind] for wish in wishes), sum(wish.weights[kind] for wish in lacking)
    lacking.sort(key=lambda wish: -wish.weights[kind])
    missing = [Missing(wish.section, wish.field.rpartition(".")[2], wish.label, wish.why) for wish in lacking]
    return Completeness(100 * (total - lost) // total, missing)


def completeness_of(listing: Listing, values: Mapping[str, Any] | None = None) -> Completeness:
    """How complete a listing is as visitors read it, with what it takes over from its facility and organisation;
    saying `values` if they are given, for instance with changes that wait."""
    said = content.read(listing, names_for(listing.kind)) | dict(values or {})
    return completeness(said, listing.kind, inherited_by(listing, said))


def names_for(kind: Kind) -> tuple[str, ...]:
    """The fields that count, as `content.read` names them."""
    return tuple(dict.fromkeys(field.partition(".")[0] for wish in _of(kind) for field in wish.fields))


def inherited_by(listing: Listing, values: Mapping[str, Any]) -> frozenset[str]:
    """What visitors are told of a listing that says `values` by what it belongs to."""
    above = list(listing.lineage())[1:]
    found = {"contacts"} if any(each.contacts for each in above) else set()
    if any(each.prices for each in above if each.kind == Kind.FACILITY):
        found.add("prices")
    if not values.get("access") and any(each.access for each in above):
        terms = [content.read(each, ("access",)) for each in above if each.access]
        found |= {wish.field for wish in _in_access() if any(_says(said, wish) for said in terms)}
    if not values.get("city") and values.get("lat") is None:
        found |= {"city"} if any(each.city for each in above) else set()
        found |= {"lat"} if any(each.lat is not None for each in above) else set()
    return frozenset(found)


@cache
def _of(kind: Kind) -> tuple[Wish, ...]:
    return tuple(wish for wish in WISHES if kind in wish.weights)


def _in_access() -> Iterator[Wish]:
    return (wish for wish in WISHES if wish.field.startswith("access."))


def _says(values: Mapping[str, Any], wish: Wish) -> bool:
    return any(_value(values, field) not in (None, "", [], {}) for field in wish.fields)


def _value(values: Mapping[str, Any], field: str) -> Any:
    part, _dot, inner = field.partition(".")
    return (values.get(part) or {}).get(inner) if inner else values.get(part)


# The same in SQL. Each condition asks about the row of `listings` that the statement around it reads.

_ABOVE = LISTINGS.alias("above")
_PARENT = LISTINGS.alias("parent_of")
_GRANDPARENT_ID = (
    sa.select(_PARENT.c.parent_id).where(_PARENT.c.id == LISTINGS.c.parent_id).correlate(LISTINGS).scalar_subquery()
)
_HOLDERS = (LISTINGS.c.parent_id, _GRANDPARENT_ID, LISTINGS.c.organisation_id)


@cache
def percent_complete() -> sa.ColumnElement[int]:
    """The completeness of the row of `listings` that is being read, in percent, as `completeness_of` counts it.

    It looks two steps up and at the organisation at the top, which is all there is but in very deep trees.
    """
    by_kind = [(LISTINGS.c.kind == kind, _percent(kind)) for kind in Kind]
    return sa.case(*by_kind, else_=0).label("percent")


def _percent(kind: Kind) -> sa.ColumnElement[int]:
    wishes = _of(kind)
    got = [sa.case((_met(wish, kind), wish.weights[kind]), else_=0) for wish in wishes]
    total = sum(wish.weights[kind] for wish in wishes)
    return sum(got[1:], got[0]) * 100 // total


def _met(wish: Wish, kind: Kind) -> sa.ColumnElement[bool]:
    if wish.field.startswith("access."):
        return _met_by_access(wish.field.removeprefix("access."))
    if wish.field in _LISTS:
        return _LISTS[wish.field]
    if wish.field in ("city", "lat"):
        return _met_by_place(wish.field)
    return sa.or_(*(_column_filled(field, kind) for field in wish.fields))


def _column_filled(field: str, kind: Kind) -> sa.ColumnElement[bool]:
    if field in LISTINGS.c:
        return _filled(LISTINGS.c[field])
    own = cast("sa.Table", KINDS[kind].__table__)
    return sa.exists().where(own.c.id == LISTINGS.c.id, _filled(own.c[field]))


def _filled(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    if isinstance(column.type, sa.JSON) or column.type.__class__.__name__ == "StringList":
        return sa.cast(column, sa.Text).not_in(("[]", "null"))
    return sa.and_(column.is_not(None), sa.cast(column, sa.Text) != "")


def _met_by_access(field: str) -> sa.ColumnElement[bool]:
    terms = cast("sa.Table", AccessTerms.__table__)
    said = _filled(terms.c[field])
    own = sa.exists().where(terms.c.listing_id == LISTINGS.c.id)
    above = sa.exists().where(terms.c.listing_id.in_(_HOLDERS), said)
    return sa.or_(own.where(said), sa.and_(~own, above))


def _met_by_place(field: str) -> sa.ColumnElement[bool]:
    empty = sa.and_(LISTINGS.c.city == "", LISTINGS.c.lat.is_(None))
    above = sa.exists().where(_ABOVE.c.id.in_(_HOLDERS), _filled(_ABOVE.c[field]))
    return sa.or_(_filled(LISTINGS.c[field]), sa.and_(empty, above))


def _has(model: type[Model] | sa.Table, *conditions: sa.ColumnElement[bool], above: bool = False) -> sa.Exists:
    table = model if isinstance(model, sa.Table) else cast("sa.Table", model.__table__)
    whose = (LISTINGS.c.id, *_HOLDERS) if above else (LISTINGS.c.id,)
    return sa.exists().where(table.c.listing_id.in_(whose), *conditions)


def _has_prices() -> sa.ColumnElement[bool]:
    """Its own, or those of a facility it belongs to."""
    table = cast("sa.Table", Price.__table__)
    holders = sa.exists().where(
        table.c.listing_id == _ABOVE.c.id, _ABOVE.c.kind == Kind.FACILITY, _ABOVE.c.id.in_(_HOLDERS)
    )
    return sa.or_(_has(Price), holders)


_LISTS: dict[str, sa.ColumnElement[bool]] = {
    "techniques": _has(listing_techniques),
    "contacts": _has(Contact, above=True),
    "prices": _has_prices(),
    "specification": _has(Specification),
    "images": _has(Attachment, Attachment.kind == AttachmentKind.IMAGE),
}
