"""Importing records: one transaction; a record known by (source, id) changes only what its source changed since."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from facilities.catalogue import content
from facilities.catalogue.actions import By, change_fields
from facilities.catalogue.actions import record as record_revision
from facilities.catalogue.models import LISTINGS, Listing, Organisation, RevisionAct, Source, SourceRecord
from facilities.catalogue.names import name_key
from facilities.catalogue.vocabulary import Vocabulary, ensure_vocabulary
from facilities.db import db, now, refresh_statistics, writing
from facilities.exchange.problems import Problem
from facilities.exchange.records.leave import with_leave
from facilities.exchange.records.linking import Linker, Pending
from facilities.exchange.records.mapping import LINKS, MODELS, fields_of, links_of
from facilities.exchange.records.reading import Row, read_rows
from facilities.exchange.records.schema import Record
from facilities.search.index import mark

BATCH = 500
OnError = Literal["stop", "skip"]
Result = Literal["created", "updated", "unchanged"]


@dataclass
class Outcome:
    """What an import did, or with `saved` false would have done."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    added: int = 0
    saved: bool = False
    problems: list[Problem] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)

    def __str__(self) -> str:
        return f"created {self.created}, updated {self.updated}, unchanged {self.unchanged}, rejected {self.rejected}"


def import_records(
    path: Path,
    *,
    source: str = "import",
    on_error: OnError = "stop",
    dry_run: bool = False,
    by: By = "import",
    progress: Callable[[Iterable[Row]], Iterable[Row]] = iter,
) -> Outcome:
    """Import a file of records in one transaction.

    `source` names the source of records that name none. A row that cannot be used is rejected with its reasons; then
    nothing is saved (`on_error="stop"`) or the other rows are (`"skip"`). Raises Unreadable for a file that is no text.
    """
    writing()
    ensure_vocabulary()
    importer = Importer(db.session, source=source, by=by)
    outcome = importer.run(progress(read_rows(path)))
    outcome.saved = not dry_run and not (outcome.rejected and on_error == "stop")
    if outcome.saved:
        mark(outcome.changed)
        db.session.commit()
        if outcome.changed:
            refresh_statistics()
    else:
        db.session.rollback()
    return outcome


class Importer:
    """One run over the rows of a file, within the session's transaction."""

    def __init__(self, session: Session, *, source: str, by: By) -> None:
        self.session = session
        self.source = source
        self.by = by
        self.outcome = Outcome()
        self.vocabulary = Vocabulary.load()
        self.sources = set(session.scalars(sa.select(Source.name)))
        self.rows_by_key: dict[tuple[str, str], int] = {}
        self.pending: list[Pending] = []
        self.unlinked: list[tuple[Listing, Record, dict[str, str], bool]] = []

    def run(self, rows: Iterable[Row]) -> Outcome:
        for batch in _batches(self._usable(rows), BATCH):
            self._import_batch(batch)
        linker = Linker(self.session, self.by)
        linker.link(self.pending)
        self.outcome.added = linker.added
        self.outcome.changed |= linker.changed
        return self.outcome

    def _usable(self, rows: Iterable[Row]) -> Iterator[Record]:
        """The records that can be used; the problems of all rows are kept."""
        for row in rows:
            record = row.record and self._once(row, row.record)
            self.outcome.problems += row.problems
            if record:
                yield record
            else:
                self.outcome.rejected += 1

    def _once(self, row: Row, record: Record) -> Record | None:
        """The record with its source, unless an earlier row of the file has the same id."""
        record.source = record.source or self.source
        first = self.rows_by_key.setdefault((record.source, record.id), row.number)
        if first != row.number:
            row.problems.append(Problem(row.number, "id", f"“{record.id}” was already used in row {first}"))
            return None
        return record

    def _import_batch(self, records: list[Record]) -> None:
        self._name_sources(records)
        known = self._known(records)
        same = Elsewhere.load(self.session, records)
        results: Counter[Result] = Counter()
        touched: list[Listing] = []
        for record in records:
            key = (record.source, record.id)
            result, listing = self._import_one(record, known.get(key), same)
            results[result] += 1
            touched += [listing] if listing is not None else []
        self.session.flush()
        self._note(results, touched)

    def _note(self, results: Counter[Result], touched: list[Listing]) -> None:
        """Count the batch and let go of its listings, so that memory stays flat."""
        self.pending += [
            Pending(listing.id, listing.kind, record.source, record.licence, record.country, links, is_new)
            for listing, record, links, is_new in self.unlinked
        ]
        self.unlinked = []
        self.outcome.created += results["created"]
        self.outcome.updated += results["updated"]
        self.outcome.unchanged += results["unchanged"]
        self.outcome.changed |= {listing.id for listing in touched}
        for listing in {id(listing): listing for listing in touched}.values():
            self.session.expunge(listing)

    def _name_sources(self, records: list[Record]) -> None:
        for name in dict.fromkeys(record.source for record in records if record.source not in self.sources):
            self.session.add(Source(name=name, title=name))
            self.sources.add(name)
        self.session.flush()

    def _known(self, records: list[Record]) -> dict[tuple[str, str], SourceRecord]:
        ids = [record.id for record in records]
        query = sa.select(SourceRecord).where(SourceRecord.source_id.in_(ids)).options(undefer(SourceRecord.record))
        return {(known.source, known.source_id): known for known in self.session.scalars(query)}

    def _import_one(
        self, record: Record, known: SourceRecord | None, same: "Elsewhere"
    ) -> tuple[Result, Listing | None]:
        fields, links = fields_of(record, self.vocabulary), links_of(record)
        if known is not None:
            if same.by_ror.get(record.ror or "", known.listing_id) != known.listing_id:
                fields.pop("ror", None)
            return self._update(record, known, fields, links)
        if (listing := same.listing_of(record)) is not None:
            if type(listing) is MODELS[record.type]:
                return self._join(record, listing, fields, links)
            fields.pop("ror", None)
            return "created", self._create(record, fields, links)
        return "created", same.learn(record, self._create(record, fields, links))

    def _create(self, record: Record, fields: dict[str, Any], links: dict[str, str]) -> Listing:
        listing = MODELS[record.type]()
        content.write(listing, fields)
        _confirm(listing, record)
        listing.source_records = [_source_record(record, fields | links)]
        created = {name: [None, value] for name, value in fields.items()}
        self.session.add(listing)
        record_revision(listing, RevisionAct.CREATED, created, by=self.by)
        self._wait_for_links(listing, record, links, is_new=True)
        return listing

    def _update(
        self, record: Record, known: SourceRecord, fields: dict[str, Any], links: dict[str, str]
    ) -> tuple[Result, Listing | None]:
        """Apply what the source changed since its last import; what owners changed elsewhere stays."""
        before, after = known.record, fields | links
        if before == after:
            return "unchanged", None
        listing = self.session.get_one(Listing, known.listing_id)
        differing = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        new = {name: fields.get(name) for name in differing & FIELDS_OF[type(listing)]}
        if contacts := new.get("contacts"):
            here = content.read(listing, ("contacts",))["contacts"]
            new["contacts"] = with_leave(contacts, here, before.get("contacts") or [])
        revised = self._revise(listing, new)
        known.record, known.imported_at, known.licence = after, now(), record.licence
        if differing & set(LINKS):
            self._wait_for_links(listing, record, links)
        _confirm(listing, record)
        return ("updated" if revised or differing & set(LINKS) else "unchanged"), listing

    def _join(
        self, record: Record, listing: Listing, fields: dict[str, Any], links: dict[str, str]
    ) -> tuple[Result, Listing | None]:
        """A listing known from elsewhere: keep the record as one more source and fill in only what was empty. Who
        receives enquiries is never filled in by another source."""
        allowed = {name: value for name, value in fields.items() if name != "contacts"}
        now_said = content.read(listing, tuple(allowed))
        self._revise(listing, {name: value for name, value in allowed.items() if now_said[name] in (None, "", [], {})})
        listing.source_records.append(_source_record(record, fields | links))
        if listing.parent_id is None:
            self._wait_for_links(listing, record, links)
        return "updated", listing

    def _revise(self, listing: Listing, fields: dict[str, Any]) -> bool:
        """Write fields and their revision; whether anything was new."""
        if changes := change_fields(listing, fields):
            record_revision(listing, RevisionAct.IMPORTED, changes, by=self.by)
        return bool(changes)

    def _wait_for_links(self, listing: Listing, record: Record, links: dict[str, str], *, is_new: bool = False) -> None:
        if links:
            self.unlinked.append((listing, record, links, is_new))


@dataclass
class Elsewhere:
    """Listings that other sources, or only the names in other records, brought in before."""

    session: Session
    by_ror: dict[str, int | Listing]
    by_name: dict[tuple[str, str | None], int]

    @classmethod
    def load(cls, session: Session, records: list[Record]) -> "Elsewhere":
        rors = [record.ror for record in records if record.ror]
        keys = [name_key(record.name) for record in records if MODELS[record.type] is Organisation]
        table, sources = LISTINGS, SourceRecord.__table__
        by_ror = session.execute(sa.select(table.c.ror, table.c.id).where(table.c.ror.in_(rors)))
        only_named = sources.c.source_id.startswith("organisation:") & table.c.ror.is_(None)
        by_name = session.execute(
            sa.select(table.c.name_key, table.c.country, table.c.id)
            .join(sources, sources.c.listing_id == table.c.id)
            .where(table.c.name_key.in_(keys), only_named)
        )
        return cls(session, {row.ror: row.id for row in by_ror}, {(key, country): id_ for key, country, id_ in by_name})

    def listing_of(self, record: Record) -> Listing | None:
        """The listing this record is about: of the same ROR id, or the organisation made from just its name."""
        found: int | Listing | None = self.by_ror.get(record.ror) if record.ror else None
        if found is None and MODELS[record.type] is Organisation:
            found = self.by_name.pop((name_key(record.name), record.country), None)
        return self.session.get_one(Listing, found) if isinstance(found, int) else found

    def learn(self, record: Record, listing: Listing) -> Listing:
        """Recognise a new listing in later rows of the batch."""
        if record.ror:
            self.by_ror[record.ror] = listing
        return listing


FIELDS_OF = {model: {*content.columns_of(model), *content.PARTS} for model in content.OWN}


def _source_record(record: Record, said: dict[str, Any]) -> SourceRecord:
    return SourceRecord(source=record.source, source_id=record.id, licence=record.licence, record=said)


def _confirm(listing: Listing, record: Record) -> None:
    if record.confirmed_on:
        listing.confirmed_at = datetime.fromisoformat(record.confirmed_on).replace(hour=12, tzinfo=UTC)


def _batches(records: Iterable[Record], size: int) -> Iterator[list[Record]]:
    batch: list[Record] = []
    for record in records:
        batch.append(record)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
