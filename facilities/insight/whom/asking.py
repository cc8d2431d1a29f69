"""Who takes questions about a topic or in a role: what search finds that has contacts, with those in charge.

Of a listing, its facility and its organisation, the nearest that has contacts for the kind of question answers for it,
as when an enquiry is sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from facilities.catalogue.models import LISTINGS, ActorRole, Contact, Kind, Listing, Status
from facilities.catalogue.names import fold
from facilities.catalogue.queries import published_by_ids
from facilities.catalogue.roles import offered_roles
from facilities.db import db
from facilities.enquiries.models import EnquiryKind
from facilities.enquiries.routing import takes
from facilities.search.asking import ask
from facilities.search.hits import ONLY_IDS
from facilities.search.index import index
from facilities.search.query import SearchQuery

MOST = 300
"""Listings among which contacts are looked for: who comes behind these has little to do with the topic."""

ASKED = {"kind": (Kind.ORGANISATION.value, Kind.FACILITY.value)}
KEPT = ("role", "country", "network", "hub", "technique", "category")


@dataclass(frozen=True, slots=True)
class Answerer:
    """A listing and its contacts; `holder` is the one above it whose contacts these are, None if they are its own."""

    listing: Listing
    contacts: list[Contact]
    holder: Listing | None


@dataclass(frozen=True, slots=True)
class Directory:
    """One page of those who can be asked, how many there are in all, and the spelling that found them if it is not the
    one that was typed."""

    answerers: list[Answerer]
    total: int
    corrected: str = ""


def question(query: SearchQuery) -> SearchQuery:
    """The search for whom to ask that an address means."""
    kept = {facet: values for facet, values in query.filters.items() if facet in KEPT}
    plain = SearchQuery(query.text, kept, near=query.near, radius=query.radius if query.near else None)
    return replace(plain, base=query.base, fixed=query.fixed, literal=query.literal, dropped=query.dropped)


def directory(query: SearchQuery, kind: EnquiryKind | None, first: int, number: int) -> Directory:
    """Those who answer, the best first: `number` of them from `first`. `kind` is that of the question, if known.

    Without a topic organisations come first: it is they who state the roles.
    """
    if not index().exists():
        return Directory([], 0)
    answer = ask(replace(query, filters={**query.filters, **ASKED}), limit=MOST, **ONLY_IDS)
    in_charge = _in_charge(answer.found.ids, kind)
    able = [id_ for id_ in answer.found.ids if id_ in in_charge]
    if not query.text:
        able.sort(key=lambda id_: in_charge[id_].kind != Kind.ORGANISATION)
    shown = published_by_ids(able[first : first + number])
    answerers = [_answerer(listing, in_charge[listing.id].contacts) for listing in shown]
    return Directory(answerers, len(able), answer.query.text if answer.corrected else "")


def roles_meant(text: str) -> list[ActorRole]:
    """The roles of which a label or a topic stands in the text."""
    said = f" {fold(text)} "
    return [role for role in offered_roles() if any(f" {name} " in said for name in _names(role))]


def roles_held(query: SearchQuery) -> set[str]:
    """The slugs of the roles that any organisation has."""
    everybody = replace(query, text="", filters={"kind": (Kind.ORGANISATION.value,)}).for_index()
    asked = replace(everybody, limit=0, facets=("role",), facet_limit=1000, snippets=False)
    return {slug for slug, _count in index().search(asked).facets.get("role", ())} if index().exists() else set()


def _names(role: ActorRole) -> set[str]:
    return {fold(str(name)) for name in (role.slug.replace("_", " "), *role.labels.values(), *role.topics)} - {""}


def _answerer(listing: Listing, contacts: list[Contact]) -> Answerer:
    holder = next(above for above in listing.lineage() if above.id == contacts[0].listing_id)
    return Answerer(listing, contacts, holder if holder.id != listing.id else None)


@dataclass(frozen=True, slots=True)
class _InCharge:
    """A listing's kind, and the contacts that answer for it: all of one level, never none."""

    kind: Kind
    contacts: list[Contact]


def _in_charge(ids: Sequence[int], asked: EnquiryKind | None) -> dict[int, _InCharge]:
    """Who answers for each listing, of those for which anybody does, in one SELECT."""
    found: dict[int, _InCharge] = {}
    for id_, kind, contact in db.session.execute(_CONTACTS, {"ids": list(ids)}) if ids else ():
        if asked is not None and not takes(contact, asked):
            continue
        nearest = found.setdefault(id_, _InCharge(kind, [])).contacts
        if not nearest or nearest[0].listing_id == contact.listing_id:
            nearest.append(contact)
    return found


def _contacts() -> sa.Select[int, Kind, Contact]:
    """(listing, its kind, contact of it or of what is above it), the nearest first; none for a listing that belongs to
    something that is not published, for instance withdrawn. Takes the parameter `ids`."""
    table = LISTINGS
    asked = table.c.id.in_(sa.bindparam("ids", expanding=True))
    lineage = sa.select(table.c.id, table.c.kind, table.c.id.label("holder"), sa.literal(0).label("steps")).where(asked)
    above = lineage.cte("lineage", recursive=True)
    higher = sa.select(above.c.id, above.c.kind, table.c.parent_id, above.c.steps + 1)
    higher = higher.join(table, table.c.id == above.c.holder).where(table.c.parent_id.is_not(None))
    above = above.union_all(higher)
    hidden = sa.select(above.c.id).join(table, table.c.id == above.c.holder).where(table.c.status != Status.PUBLISHED)
    shown = load_only(Contact.listing_id, Contact.role, Contact.name, Contact.languages, Contact.enquiry_kinds)
    return (
        sa.select(above.c.id, above.c.kind, Contact)
        .join(Contact, Contact.listing_id == above.c.holder)
        .where(Contact.left_at.is_(None), above.c.id.not_in(hidden))
        .order_by(above.c.id, above.c.steps, Contact.position, Contact.id)
        .options(shown)
    )


_CONTACTS = _contacts()
