"""Carrying out what was planned: listings, revisions, proposals, sources, in the transaction of the whole import."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from flask_babel import gettext as _

from facilities.catalogue import content
from facilities.catalogue.actions import change_fields, record, set_status
from facilities.catalogue.models import (
    KINDS,
    Category,
    Listing,
    RevisionAct,
    Source,
    SourceRecord,
    Status,
    Technique,
)
from facilities.db import db
from facilities.manage.importing.orders import Order
from facilities.manage.importing.planned import Planned, Result
from facilities.moderation.proposals import open_proposal, propose_changes

TAGS = ("techniques", "categories")
Entry = TypeVar("Entry")


class Saver:
    """Writes planned rows. `changed` are the listings that the index has to follow; the caller commits.

    What a source said is kept as `{"cells": ..., "earlier": ..., "import": ...}`: the cells as last imported, those
    that this import changed as they were before, and the import, so that it can be undone.
    """

    def __init__(self, order: Order, at: datetime) -> None:
        self.order = order
        self.at = at
        self.changed: set[int] = set()
        self.made: dict[str, int] = {}
        self._making: dict[str, Listing] = {}
        self._techniques = {each.slug: each for each in db.session.scalars(sa.select(Technique))}
        self._categories = {each.slug: each for each in db.session.scalars(sa.select(Category))}
        if db.session.get(Source, order.source) is None:
            db.session.add(Source(name=order.source, title=order.below_name))

    def save(self, rows: Iterable[Planned]) -> None:
        """Write a batch and let go of its listings, so that memory stays flat."""
        done = [row for row in rows if row.result in (Result.CREATED, Result.UPDATED)]
        for row in done:
            if row.result == Result.CREATED:
                row.listing = self._create(row)
            else:
                self._update(row)
        db.session.flush()
        self.made |= {source_id: listing.id for source_id, listing in self._making.items()}
        self._making = {}
        self.changed |= {row.listing.id for row in done if row.listing is not None and not row.proposes}

    def withdraw(self, listings: Iterable[Listing]) -> None:
        """Take listings out that the file does not have any more."""
        note = _("No longer in the file that it came from.")
        for listing in listings:
            changes = set_status(listing, Status.WITHDRAWN, note=note, at=self.at)
            record(listing, RevisionAct.WITHDRAWN, changes, by=self.order.by, note=note, import_id=self.order.run_id)
            for known in listing.source_records:
                if known.source == self.order.source:
                    self._remember(known, {}, earlier=known.record.get("cells", {}))
            self.changed.add(listing.id)
        db.session.flush()

    def _create(self, row: Planned) -> Listing:
        assert row.kind is not None
        status = Status.PUBLISHED if self.order.publishes else Status.IN_REVIEW
        listing = KINDS[row.kind](status=status, organisation_id=self.order.top)
        self._place(listing, row)
        self._write(listing, row.fields)
        listing.source_records = [self._source_record(row)]
        db.session.add(listing)
        changes = {name: [None, value] for name, value in row.fields.items()} | {"status": [None, status.value]}
        record(listing, RevisionAct.CREATED, changes, by=self.order.by, import_id=self.order.run_id)
        self._making[row.source_id] = listing
        return listing

    def _write(self, listing: Listing, fields: dict[str, Any]) -> None:
        """As `content.write`, without two SELECTs for each listing's techniques and categories."""
        content.write(listing, {name: value for name, value in fields.items() if name not in TAGS})
        listing.techniques = _known(self._techniques, fields.get("techniques"))
        listing.categories = _known(self._categories, fields.get("categories"))

    def _place(self, listing: Listing, row: Planned) -> None:
        """Below a listing that exists, or one that this import makes."""
        if isinstance(row.parent, str) and row.parent in self._making:
            listing.parent = self._making[row.parent]
        elif row.parent is not None:
            listing.parent_id = self._id_of(row.parent)

    def _id_of(self, parent: int | str) -> int:
        return parent if isinstance(parent, int) else self.made[parent]

    def _update(self, row: Planned) -> None:
        assert row.listing is not None
        listing = row.listing
        if row.proposes:
            self._propose(listing, row.fields)
        else:
            self._revise(listing, row)
        self._note_source(row)

    def _revise(self, listing: Listing, row: Planned) -> None:
        changes = change_fields(listing, row.fields)
        if row.parent is not None:
            before = listing.parent_id
            self._place(listing, row)
            db.session.flush()
            changes["parent"] = [before, listing.parent_id]
        if row.revives:
            status = Status.PUBLISHED if self.order.publishes else Status.IN_REVIEW
            changes |= set_status(listing, status)
        if changes:
            record(listing, RevisionAct.IMPORTED, changes, by=self.order.by, import_id=self.order.run_id)

    def _propose(self, listing: Listing, fields: dict[str, Any]) -> None:
        """A proposal that only this import made carries its time: that is how it is found when it is undone."""
        alone = open_proposal(listing) is None
        proposal = propose_changes(listing, fields, by=self.order.by)
        if proposal is not None and alone:
            proposal.made_at = proposal.changed_at = self.at

    def _note_source(self, row: Planned) -> None:
        """What the source says now; a row that names its listing by number has no source of its own."""
        assert row.listing is not None
        if row.cells.get("listing"):
            return
        if row.known is None:
            row.listing.source_records.append(self._source_record(row))
            return
        before = row.known.record.get("cells", {})
        after = {key: text for key, text in (before | row.cells).items() if text}
        changed = before.keys() | after.keys()
        earlier = {key: before.get(key, "") for key in changed if before.get(key) != after.get(key)}
        self._remember(row.known, after, earlier=earlier)

    def _remember(self, known: SourceRecord, cells: dict[str, str], *, earlier: dict[str, str]) -> None:
        known.record = {"cells": cells, "earlier": earlier, "import": self.order.run_id}
        known.imported_at = self.at

    def _source_record(self, row: Planned) -> SourceRecord:
        cells = {key: text for key, text in row.cells.items() if text}
        said = {"cells": cells, "earlier": {}, "import": self.order.run_id}
        return SourceRecord(source=self.order.source, source_id=row.source_id, record=said, imported_at=self.at)


def _known(entries: Mapping[str, Entry], slugs: list[str] | None) -> list[Entry]:
    return [entries[slug] for slug in slugs or () if slug in entries]
