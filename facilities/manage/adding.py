"""New listings: drafts, instruments one after another, copies, proposed organisations."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from facilities.accounts.models import User
from facilities.accounts.rights import may_publish
from facilities.catalogue import content
from facilities.catalogue.actions import HOLDERS, create_listing, make_listing, save
from facilities.catalogue.models import LISTINGS, Instrument, Kind, Listing, Revision, RevisionAct, Status
from facilities.catalogue.vocabulary import Vocabulary
from facilities.db import db, now
from facilities.manage.queries import owned_ids
from facilities.moderation.duplicates import mark_different

OF_ONE_ALONE = ("ror", "rrid", "doi", "company_number", "serial_number", "inventory_number")
"""Fields that tell one listing from every other: a copy has none of them."""
MOST_PROPOSED = 10
"""Organisations that one person may have waiting at the desk."""
MOST_HOLDERS = 20
RECENTLY = timedelta(hours=12)


class TooManyProposed(Exception):
    """The desk has to decide about earlier proposals first."""


def kinds_below(parent: Listing) -> list[Kind]:
    """What may belong to this listing."""
    return [kind for kind in Kind if parent.kind in HOLDERS[kind]]


def holders_of(user: User, text: str = "") -> list[Listing]:
    """Organisations and facilities that the user may add to, by name; at most MOST_HOLDERS, those with the text."""
    holders = sa.select(Listing).where(
        Listing.id.in_(owned_ids(user)),
        Listing.kind.in_((Kind.ORGANISATION, Kind.FACILITY)),
        Listing.status != Status.MERGED,
    )
    if text:
        holders = holders.where(Listing.name.icontains(text, autoescape=True))
    query = holders.options(selectinload(Listing.parent)).order_by(Listing.name, Listing.id)
    return list(db.session.scalars(query.limit(MOST_HOLDERS)))


def add_draft(
    kind: Kind, fields: Mapping[str, Any], *, parent: Listing, by: User, unlike: Iterable[Listing] = ()
) -> Listing:
    """A new draft below a listing. `unlike` are listings that look like it and are other ones, by its author's word."""
    return _add(kind, fields, parent=parent, by=by, status=Status.DRAFT, unlike=unlike)


def add_instrument(
    fields: Mapping[str, Any], *, parent: Listing, by: User, draft: bool = False, unlike: Iterable[Listing] = ()
) -> Listing:
    """A new instrument with the techniques that its name tells: public at once if the author may publish, else handed
    in for review; or a draft. `unlike` as above."""
    status = Status.DRAFT if draft else Status.PUBLISHED if may_publish(by, parent) else Status.IN_REVIEW
    guessed = {"techniques": guess_techniques(fields)}
    return _add(Kind.INSTRUMENT, {**fields, **guessed}, parent=parent, by=by, status=status, unlike=unlike)


def propose_organisation(fields: Mapping[str, Any], *, by: User, unlike: Iterable[Listing] = ()) -> Listing:
    """A new organisation for the desk to accept; `unlike` as above. Raises TooManyProposed."""
    waiting = (
        sa.select(sa.func.count())
        .select_from(Revision)
        .join(LISTINGS, LISTINGS.c.id == Revision.listing_id)
        .where(Revision.act == RevisionAct.CREATED, Revision.user_id == by.id, LISTINGS.c.status == Status.IN_REVIEW)
        .where(LISTINGS.c.parent_id.is_(None))
    )
    if (db.session.scalar(waiting) or 0) >= MOST_PROPOSED:
        raise TooManyProposed
    return _add(Kind.ORGANISATION, fields, parent=None, by=by, status=Status.IN_REVIEW, unlike=unlike)


def copy_listing(listing: Listing, *, by: User) -> Listing:
    """A draft that says the same, beside the listing."""
    said = content.read(listing)
    fields = {name: value for name, value in said.items() if name not in OF_ONE_ALONE}
    fields["name"] = _("Copy of %(name)s", name=listing.name)[:600]
    return create_listing(listing.kind, _written(fields), parent=listing.parent, by=by.actor)


def guess_techniques(fields: Mapping[str, Any]) -> list[str]:
    """Techniques that the name, maker and model of an instrument tell."""
    vocabulary = Vocabulary.load()
    names = (fields.get("name", ""), f"{fields.get('manufacturer', '')} {fields.get('model', '')}")
    return sorted(set().union(*(vocabulary.techniques_within(name) for name in names)))


def added_lately(parent: Listing, by: User) -> list[Instrument]:
    """The instruments that the user added here in the last hours, the newest first."""
    mine = sa.select(Revision.listing_id).where(
        Revision.act == RevisionAct.CREATED, Revision.user_id == by.id, Revision.made_at > now() - RECENTLY
    )
    query = sa.select(Instrument).where(Instrument.parent_id == parent.id, Instrument.id.in_(mine))
    query = query.options(selectinload(Instrument.techniques)).order_by(Instrument.id.desc()).limit(MOST_HOLDERS)
    return list(db.session.scalars(query))


def _add(
    kind: Kind,
    fields: Mapping[str, Any],
    *,
    parent: Listing | None,
    by: User,
    status: Status,
    unlike: Iterable[Listing],
) -> Listing:
    """A new listing, and its author's word about those that look like it, in one commit."""
    listing = make_listing(kind, _written(fields), parent=parent, by=by.actor, status=status)
    db.session.flush()
    for other in unlike:
        mark_different(listing, other, by=by.actor)
    save([listing])
    return listing


def _written(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}
