"""Undoing an import as a whole, even later; listings changed since stay as they are and are named."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload, undefer

from facilities.catalogue.actions import By, change_fields, record, set_status
from facilities.catalogue.models import LISTINGS, Listing, Revision, RevisionAct, SourceRecord, Status
from facilities.db import db
from facilities.manage.importing.findings import Reporter
from facilities.manage.importing.planning import PARTS
from facilities.manage.models import ImportRun
from facilities.moderation.models import Proposal, ProposalState
from facilities.moderation.proposals import take_back_proposal

BATCH = 500
GONE = (Status.ARCHIVED, Status.WITHDRAWN, Status.MERGED)


@dataclass
class Undone:
    """What undoing came to: listings put back, and (id, name) of those changed since."""

    restored: set[int] = field(default_factory=set)
    taken_back: int = 0
    kept: dict[int, str] = field(default_factory=dict)


def touched(run: ImportRun) -> int:
    """How many listings the import changed."""
    query = sa.select(sa.func.count(sa.distinct(Revision.listing_id))).where(Revision.import_id == run.id)
    return db.session.scalar(query) or 0


def changed_since(run: ImportRun) -> list[tuple[int, str]]:
    """(id, name) of the listings that somebody changed after the import: undoing leaves them as they are."""
    last = _last_revisions(run)
    later = sa.select(LISTINGS.c.id, LISTINGS.c.name).join(last, last.c.listing_id == LISTINGS.c.id)
    query = later.where(LISTINGS.c.version > last.c.version).order_by(LISTINGS.c.name)
    return [(row.id, row.name) for row in db.session.execute(query)]


def undo(run: ImportRun, *, by: By, reporter: Reporter) -> Undone:
    """Put every listing back as it was before the import; the caller commits. What it made is put away."""
    undone = Undone(kept=dict(changed_since(run)))
    undone.kept |= _still_needed(run, undone.kept)
    ids = _ids(run)
    for batch in (ids[start : start + BATCH] for start in range(0, len(ids), BATCH)):
        for listing in _listings(batch):
            if listing.id not in undone.kept:
                _put_back(listing, run, by)
                undone.restored.add(listing.id)
        db.session.flush()
        db.session.expire_all()
        reporter.note(len(batch))
    undone.taken_back = _take_back_proposals(run, by)
    return undone


def _last_revisions(run: ImportRun) -> sa.Subquery:
    """The last version that the import gave each listing."""
    last = sa.select(Revision.listing_id, sa.func.max(Revision.version).label("version"))
    return last.where(Revision.import_id == run.id).group_by(Revision.listing_id).subquery()


def _ids(run: ImportRun) -> list[int]:
    """Listings the import touched, the newest first: what it made below another goes before that."""
    query = sa.select(Revision.listing_id).where(Revision.import_id == run.id).distinct()
    return sorted(db.session.scalars(query), reverse=True)


def _still_needed(run: ImportRun, kept: dict[int, str]) -> dict[int, str]:
    """Listings that the import made and that hold others by now: those it did not make itself, or that stay."""
    made = sa.select(Revision.listing_id).where(Revision.import_id == run.id, Revision.act == RevisionAct.CREATED)
    made_ids, needed = set(db.session.scalars(made)), {}
    child, parent = LISTINGS.alias("child"), LISTINGS.alias("parent")
    query = (
        sa.select(child.c.id, parent.c.id, parent.c.name)
        .join(parent, child.c.parent_id == parent.c.id)
        .where(parent.c.id.in_(made), child.c.status.not_in(GONE))
    )
    below = list(db.session.execute(query))
    moved = set(_ids(run))
    found = True
    while found:
        found = False
        for child_id, parent_id, name in below:
            stays = child_id in kept or child_id in needed or child_id not in moved
            if stays and parent_id in made_ids and parent_id not in needed and parent_id not in kept:
                needed[parent_id], found = name, True
    return needed


def _listings(ids: Iterable[int]) -> Iterator[Listing]:
    locked = sa.select(LISTINGS.c.id).where(LISTINGS.c.id.in_(list(ids))).order_by(LISTINGS.c.id).with_for_update()
    query = sa.select(Listing).where(Listing.id.in_(db.session.scalars(locked).all()))
    sources = selectinload(Listing.source_records).options(undefer(SourceRecord.record))
    yield from db.session.scalars(query.options(*map(selectinload, PARTS), sources).order_by(Listing.id.desc()))


def _put_back(listing: Listing, run: ImportRun, by: By) -> None:
    """Write what the listing said before each of the import's revisions, the latest first."""
    query = sa.select(Revision).where(Revision.listing_id == listing.id, Revision.import_id == run.id)
    changes: dict[str, list[Any]] = {}
    for revision in db.session.scalars(query.order_by(Revision.version.desc())).all():
        if revision.act == RevisionAct.CREATED:
            changes |= set_status(listing, Status.ARCHIVED)
        else:
            changes |= _take_back(listing, dict(revision.changes))
    record(listing, RevisionAct.UNDONE, changes, by=by, import_id=None)
    for known in listing.source_records:
        if known.record.get("import") == run.id:
            known.record = _said_before(known.record)


def _take_back(listing: Listing, changed: dict[str, list[Any]]) -> dict[str, list[Any]]:
    changes: dict[str, list[Any]] = {}
    if status := changed.pop("status", None):
        changes |= set_status(listing, next(each for each in Status if each == status[0]))
    if parent := changed.pop("parent", None):
        changes["parent"] = [listing.parent_id, parent[0]]
        listing.parent_id = parent[0]
    return changes | change_fields(listing, {name: before for name, (before, _after) in changed.items()})


def _said_before(said: dict[str, Any]) -> dict[str, Any]:
    """The cells of the source as they were before the import; none if it had brought the listing."""
    earlier = said.get("earlier")
    return {"cells": {key: text for key, text in (said["cells"] | earlier).items() if text} if earlier else {}}


def _take_back_proposals(run: ImportRun, by: By) -> int:
    """Take back what waits because of this import alone."""
    query = sa.select(Proposal).where(
        Proposal.state == ProposalState.WAITING, Proposal.changed_at == run.saved_at,
        Proposal.made_by_id == run.made_by_id,
    )  # fmt: skip
    proposals = list(db.session.scalars(query))
    for proposal in proposals:
        take_back_proposal(proposal, by=by)
    ids = [proposal.listing_id for proposal in proposals]
    known = sa.select(SourceRecord).where(SourceRecord.source == run.source, SourceRecord.imported_at == run.saved_at)
    for one in db.session.scalars(known.options(undefer(SourceRecord.record))):
        if one.listing_id in ids:
            one.record = _said_before(one.record)
    return len(proposals)
