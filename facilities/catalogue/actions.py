"""Changes of listings: each saves the change, its revision and the index job in one commit, and the index follows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from facilities.catalogue import content
from facilities.catalogue.models import Listing, Revision, RevisionAct, Status
from facilities.db import db, now
from facilities.search.index import follow, mark

Changes = dict[str, list[Any]]


def update_listing(listing: Listing, fields: Mapping[str, Any], *, by: str) -> Listing:
    """Change what a listing says, keep what it said before, and have the index follow. Nothing new, nothing saved."""
    changes = change_fields(listing, fields)
    if changes:
        _save(listing, RevisionAct.EDITED, changes, by=by)
    return listing


def withdraw_listing(listing: Listing, *, reason: str, by: str, at: datetime | None = None) -> None:
    """Take a listing out of the catalogue; its address answers 410 with the date and the reason."""
    before = listing.status
    listing.status, listing.withdrawn_at, listing.withdrawn_reason = Status.WITHDRAWN, at or now(), reason
    _save(listing, RevisionAct.WITHDRAWN, {"status": [before.value, listing.status.value]}, by=by)


def publish_listing(listing: Listing, *, by: str) -> None:
    """Make a listing public, for the first time or again."""
    before = listing.status
    listing.status, listing.withdrawn_at, listing.withdrawn_reason = Status.PUBLISHED, None, ""
    _save(listing, RevisionAct.PUBLISHED, {"status": [before.value, listing.status.value]}, by=by)


def confirm_listing(listing: Listing, *, by: str, at: datetime | None = None) -> None:
    """Note an owner's word that the listing is still right."""
    listing.confirmed_at, listing.confirmed_by = at or now(), by
    _save(listing, RevisionAct.CONFIRMED, {}, by=by)


def change_fields(listing: Listing, fields: Mapping[str, Any]) -> Changes:
    """Write the fields that differ; gives {field: [before, after]}. Nothing is committed."""
    before = content.read(listing, tuple(fields))
    differing = {name: value for name, value in fields.items() if before[name] != value}
    content.write(listing, differing)
    after = content.read(listing, tuple(differing)) if differing else {}
    return {name: [before[name], after[name]] for name in differing if before[name] != after[name]}


def _save(listing: Listing, act: RevisionAct, changes: Changes, *, by: str) -> None:
    listing.updated_at = now()
    listing.revisions.append(Revision(act=act, changes=changes, made_by=by))
    db.session.flush()
    mark([listing.id])
    db.session.commit()
    follow()
