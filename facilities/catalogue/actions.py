"""Changes of listings: each saves the change, its revision and the index job in one commit, and the index follows."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from facilities.catalogue import content
from facilities.catalogue.history import content_at
from facilities.catalogue.models import (
    KINDS,
    LISTINGS,
    Actor,
    Kind,
    Listing,
    Revision,
    RevisionAct,
    SourceRecord,
    Status,
)
from facilities.db import db, now
from facilities.search.index import follow, mark

Changes = dict[str, list[Any]]
By = Actor | str
HOLDERS = {
    Kind.ORGANISATION: (Kind.ORGANISATION,),
    Kind.FACILITY: (Kind.ORGANISATION, Kind.FACILITY),
    Kind.INSTRUMENT: (Kind.ORGANISATION, Kind.FACILITY),
    Kind.SERVICE: (Kind.ORGANISATION, Kind.FACILITY),
    Kind.OFFER: (Kind.ORGANISATION, Kind.FACILITY),
}
"""What a listing of each kind may belong to."""


class CannotMove(ValueError):
    """The listing cannot belong to that parent: the wrong kind, or below itself."""


def create_listing(
    kind: Kind,
    fields: Mapping[str, Any],
    *,
    parent: Listing | None,
    by: By,
    status: Status = Status.DRAFT,
    origin: SourceRecord | None = None,
) -> Listing:
    """A new listing, a draft unless said otherwise; `origin` is the record it was made from, if any. Raises
    CannotMove."""
    listing = make_listing(kind, fields, parent=parent, by=by, status=status, origin=origin)
    save([listing])
    return listing


def make_listing(
    kind: Kind,
    fields: Mapping[str, Any],
    *,
    parent: Listing | None,
    by: By,
    status: Status = Status.DRAFT,
    origin: SourceRecord | None = None,
) -> Listing:
    """The same without a commit."""
    listing = KINDS[kind](status=status)
    _put_below(listing, parent)
    listing.source_records = [origin] if origin else []
    db.session.add(listing)
    content.write(listing, fields)
    changes = {name: [None, value] for name, value in fields.items()} | {"status": [None, status.value]}
    record(listing, RevisionAct.CREATED, changes, by=by)
    return listing


def update_listing(
    listing: Listing, fields: Mapping[str, Any], *, by: By, act: RevisionAct = RevisionAct.EDITED, note: str = ""
) -> Changes:
    """Change what a listing says, keep what it said before, and have the index follow; gives what changed. Nothing new,
    nothing saved."""
    changes = change_fields(listing, fields)
    if changes:
        _save(listing, act, changes, by=by, note=note)
    return changes


def restore_listing(listing: Listing, version: int, *, by: By) -> Changes:
    """Make a listing say again all that it said at a version; gives what changed. Its place in the tree and whether it
    is public stay."""
    return update_listing(
        listing, content_at(listing, version), by=by, act=RevisionAct.RESTORED, note=str(version)
    )  # fmt: skip


def publish_listing(listing: Listing, *, by: By, note: str = "") -> None:
    """Make a listing public, for the first time or again."""
    _change_status(listing, Status.PUBLISHED, RevisionAct.PUBLISHED, by=by, note=note)


def submit_listing(listing: Listing, *, by: By) -> None:
    """Hand a draft in for review."""
    _change_status(listing, Status.IN_REVIEW, RevisionAct.SUBMITTED, by=by)


def send_back_listing(listing: Listing, *, reason: str, by: By) -> None:
    """Give a listing that was handed in back to its owner as a draft."""
    _change_status(listing, Status.DRAFT, RevisionAct.SENT_BACK, by=by, note=reason)


def archive_listing(listing: Listing, *, by: By, note: str = "") -> None:
    """Put a listing away: nobody but its owners and the desk sees it."""
    _change_status(listing, Status.ARCHIVED, RevisionAct.ARCHIVED, by=by, note=note)


def withdraw_listing(
    listing: Listing, *, reason: str, by: By, successor: Listing | None = None, at: datetime | None = None
) -> None:
    """Take a listing out of the catalogue; its address answers 410 with the date, the reason and the successor."""
    _change_status(
        listing, Status.WITHDRAWN, RevisionAct.WITHDRAWN, by=by, note=reason, successor=successor, at=at or now()
    )  # fmt: skip


def schedule_withdrawal(
    listing: Listing, on: date | None, *, by: By, reason: str = "", successor: Listing | None = None
) -> None:
    """Have a listing withdrawn when the day has come (UTC); None calls a planned withdrawal off."""
    changes = {"withdraw_on": [_day(listing.withdraw_on), _day(on)]}
    listing.withdraw_on, listing.withdrawn_reason, listing.successor = on, reason, successor
    _save(listing, RevisionAct.SCHEDULED, changes, by=by, note=reason)


def confirm_listing(listing: Listing, *, by: By, at: datetime | None = None) -> None:
    """Note an owner's word that the listing is still right."""
    confirm_listings([listing], by=by, at=at)


def confirm_listings(listings: Iterable[Listing], *, by: By, at: datetime | None = None) -> None:
    """The same for several, in one commit."""
    confirmed = list(listings)
    for listing in confirmed:
        listing.confirmed_at, listing.confirmed_by = at or now(), Actor.of(by).name
        record(listing, RevisionAct.CONFIRMED, {}, by=by)
    save(confirmed)


def move_listing(listing: Listing, parent: Listing | None, *, by: By) -> None:
    """Have a listing, with all below it, belong to another parent. Raises CannotMove."""
    if place_below(listing, parent, by=by):
        save([listing])


def place_below(listing: Listing, parent: Listing | None, *, by: By, act: RevisionAct = RevisionAct.MOVED) -> bool:
    """The same without a commit; whether anything changed."""
    if listing.parent_id == (parent.id if parent else None):
        return False
    changes = {"parent": [listing.parent_id, parent.id if parent else None]}
    _put_below(listing, parent)
    record(listing, act, changes, by=by)
    db.session.flush()
    _follow_organisation(listing)
    return True


def change_fields(listing: Listing, fields: Mapping[str, Any]) -> Changes:
    """Write the fields that differ; gives {field: [before, after]}. Nothing is committed."""
    before = content.read(listing, tuple(fields))
    differing = {name: value for name, value in fields.items() if before[name] != value}
    content.write(listing, differing)
    after = content.read(listing, tuple(differing)) if differing else {}
    return {name: [before[name], after[name]] for name in differing if before[name] != after[name]}


def record(
    listing: Listing, act: RevisionAct, changes: Changes, *, by: By, note: str = "", import_id: int | None = None
) -> Revision:
    """Note a change that was made, as the next version of the listing; the caller saves it."""
    actor = Actor.of(by)
    listing.version = (listing.version or 0) + 1
    listing.updated_at = now()
    revision = Revision(
        listing=listing,
        version=listing.version,
        act=act,
        changes=changes,
        made_by=actor.name,
        user_id=actor.user_id,
        import_id=import_id,
        note=note,
    )
    db.session.add(revision)
    return revision


def save(listings: Iterable[Listing]) -> None:
    """Commit recorded changes of these listings together with the index jobs, then have the index follow."""
    db.session.flush()
    mark([listing.id for listing in listings])
    db.session.commit()
    follow()


def _save(listing: Listing, act: RevisionAct, changes: Changes, *, by: By, note: str = "") -> None:
    record(listing, act, changes, by=by, note=note)
    save([listing])


def _change_status(
    listing: Listing,
    status: Status,
    act: RevisionAct,
    *,
    by: By,
    note: str = "",
    successor: Listing | None = None,
    at: datetime | None = None,
) -> None:
    changes = set_status(listing, status, note=note, successor=successor, at=at)
    _save(listing, act, changes, by=by, note=note)


def set_status(
    listing: Listing, status: Status, *, note: str = "", successor: Listing | None = None, at: datetime | None = None
) -> Changes:
    """Write where a listing is in its life; what belongs to being withdrawn goes with it. Nothing is recorded."""
    changes = {"status": [listing.status.value, status.value]}
    gone = status == Status.WITHDRAWN
    listing.status = status
    listing.withdrawn_at = (at or now()) if gone else None
    listing.withdrawn_reason = note[:400] if gone else ""
    if successor is not None or not gone:
        listing.successor = successor if gone else None
    listing.withdraw_on = None
    return changes


def _put_below(listing: Listing, parent: Listing | None) -> None:
    if parent is not None:
        if parent.kind not in HOLDERS[listing.kind or _kind_of(listing)]:
            raise CannotMove(f"{parent.kind} {parent.id} cannot hold it")
        if listing.id is not None and any(above.id == listing.id for above in parent.lineage()):
            raise CannotMove(f"listing {listing.id} cannot be below itself")
    listing.parent = parent
    listing.organisation = _organisation_above(parent)


def _kind_of(listing: Listing) -> Kind:
    return next(kind for kind, model in KINDS.items() if type(listing) is model)


def _organisation_above(parent: Listing | None) -> Listing | None:
    """The organisation at the top of the chain that begins with `parent`."""
    top = list(parent.lineage())[-1] if parent else None
    return top if top is not None and top.kind == Kind.ORGANISATION else None


def _follow_organisation(listing: Listing) -> None:
    """Give all below a moved listing the organisation they now belong to."""
    top = listing.organisation_id or (listing.id if listing.kind == Kind.ORGANISATION else None)
    below = sa.select(LISTINGS.c.id).where(LISTINGS.c.parent_id == listing.id).cte(recursive=True)
    below = below.union(sa.select(LISTINGS.c.id).where(LISTINGS.c.parent_id == below.c.id))
    ids = db.session.scalars(sa.select(below.c.id)).all()
    db.session.execute(sa.update(LISTINGS).where(LISTINGS.c.id.in_(ids)).values(organisation_id=top))
    for each in db.session:
        if isinstance(each, Listing) and each.id in ids:
            db.session.expire(each, ["organisation_id", "organisation"])


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None
