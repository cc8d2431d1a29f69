"""The steps of an import that its owner takes: send a file, say what the columns are, accept, undo, drop."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from facilities.accounts.models import User
from facilities.catalogue.models import Listing, SourceRecord
from facilities.catalogue.vocabulary import Vocabulary, ensure_vocabulary
from facilities.db import db, now
from facilities.exchange.tables.guessing import guess_columns
from facilities.exchange.tables.limits import MOST_BYTES, too_large
from facilities.exchange.tables.reading import Table, open_table, values_of
from facilities.manage.importing.findings import file_of, forget_folder, forget_progress
from facilities.manage.importing.orders import own_source
from facilities.manage.models import ColumnMapping, ImportRun, ImportState
from facilities.outbox import actions as outbox
from facilities.outbox.models import JobKind

CHANGEABLE = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)
"""States in which the columns can be chosen anew."""

SOURCE = re.compile(r"[A-Za-z0-9][\w.:-]{0,79}")
CHUNK = 1 << 16
SHOWN = 3
KEPT = ("sheets", "headings", "seen")
"""What a report keeps of the file."""


def keep_upload(run: ImportRun, sent: FileStorage) -> Path:
    """Store what was sent in the folder of the import. Raises Unusable for more than MOST_BYTES."""
    path = file_of(run.id, run.stored_as)
    size = 0
    with path.open("wb") as file:
        while chunk := sent.stream.read(CHUNK):
            size += len(chunk)
            if size > MOST_BYTES:
                raise too_large()
            file.write(chunk)
    return path


def start_run(listing: Listing, file_name: str, *, by: User, like: ImportRun | None = None) -> ImportRun:
    """A new import below a listing, with the source of an earlier one if it follows that; the caller commits."""
    ensure_vocabulary()
    run = ImportRun(
        listing=listing,
        source=like.source if like else own_source(listing.id),
        file_name=file_name[:200],
        stored_as=f"{uuid4().hex}.table",
        made_by_id=by.id,
        made_by=by.actor.name,
        defaults=dict(like.defaults) if like else {},
        report={},
    )
    db.session.add(run)
    db.session.flush()
    return run


def read_file(run: ImportRun, sheet: str = "") -> Table:
    """The file of a run. Raises Unusable."""
    return open_table(file_of(run.id, run.stored_as), sheet or run.sheet)


def propose_columns(run: ImportRun, table: Table) -> None:
    """Guess what the columns are: as in the last import below the listing that had the same headings, else by the
    headings and values. What the page shows of the file is kept in the report. The caller commits."""
    run.sheet, run.rows = table.sheet, table.rows_total
    columns = {heading: values_of(table.samples, heading) for heading in table.headings}
    guesses = guess_columns(columns, Vocabulary.load())
    run.columns = {heading: guess.key for heading, guess in guesses.items()}
    like = _last_with(run, table)
    if like is not None:
        run.columns, run.defaults, run.source = dict(like.columns), dict(like.defaults), like.source
    seen = {
        heading: [table.letters[heading], "before" if like else guesses[heading].how, _some(values)]
        for heading, values in columns.items()
    }
    run.report = {"sheets": table.sheets, "headings": table.headings, "seen": seen}


def _some(values: list[str]) -> list[str]:
    """A few different values of a column, shortened."""
    return [value if len(value) <= 60 else f"{value[:60]}…" for value in list(dict.fromkeys(values))[:SHOWN]]


def _last_with(run: ImportRun, table: Table) -> ImportRun | None:
    earlier = sa.select(ImportRun).where(
        ImportRun.listing_id == run.listing_id, ImportRun.id != run.id, ImportRun.state != ImportState.UPLOADED
    )
    runs = db.session.scalars(earlier.order_by(ImportRun.id.desc()).limit(10))
    return next((each for each in runs if set(each.columns) == set(table.headings)), None)


def ask_for_check(run: ImportRun, *, columns: Mapping[str, str], defaults: Mapping[str, str], source: str) -> None:
    """Have the worker find out what the import would do."""
    run.columns, run.defaults, run.source = dict(columns), dict(defaults), source
    run.state, run.report = ImportState.CHECKING, kept_of(run)
    _have_done(run)


def take_over(run: ImportRun, *, by: User) -> None:
    """Make it the import of whoever takes its next step: it is checked and saved by their rights, under their name."""
    run.made_by_id, run.made_by = by.id, by.actor.name


def kept_of(run: ImportRun) -> dict[str, Any]:
    """What the report says of the file itself."""
    return {name: run.report[name] for name in KEPT if name in run.report}


def accept_run(run: ImportRun, *, skip_errors: bool, withdraw_gone: bool) -> None:
    """Have the worker save what the check found."""
    run.skip_errors = skip_errors
    run.report = run.report | {"withdraw_gone": withdraw_gone, "changed": False}
    run.state = ImportState.SAVING
    _have_done(run)


def undo_run(run: ImportRun, *, by: User) -> None:
    """Have the worker undo a saved import."""
    run.state = ImportState.UNDOING
    run.report = run.report | {"undone_by": [by.actor.name, by.id]}
    _have_done(run)


def drop_run(run: ImportRun) -> None:
    """Forget an import that was not saved."""
    run_id = run.id
    db.session.delete(run)
    db.session.commit()
    forget_folder(run_id)


def save_mapping(run: ImportRun, name: str) -> ColumnMapping:
    """Keep the columns of a run by name for later files; the caller commits."""
    mapping = db.session.scalar(sa.select(ColumnMapping).filter_by(listing_id=run.listing_id, name=name))
    if mapping is None:
        mapping = ColumnMapping(listing_id=run.listing_id, name=name)
        db.session.add(mapping)
    mapping.columns, mapping.defaults, mapping.saved_at = dict(run.columns), dict(run.defaults), now()
    return mapping


def mappings_of(listing_id: int) -> list[ColumnMapping]:
    query = sa.select(ColumnMapping).filter_by(listing_id=listing_id).order_by(ColumnMapping.name).limit(100)
    return list(db.session.scalars(query))


def sources_of(listing_id: int) -> list[str]:
    """The sources that earlier imports below a listing had."""
    query = sa.select(ImportRun.source).where(ImportRun.listing_id == listing_id).distinct().limit(50)
    return sorted({own_source(listing_id), *db.session.scalars(query)})


def source_is_ours(source: str, listing_id: int) -> bool:
    """Whether a source may be used below a listing: it is new, or was made by imports there."""
    if source in sources_of(listing_id):
        return True
    known = db.session.scalar(sa.select(sa.exists().where(SourceRecord.source == source)))
    others = db.session.scalar(sa.select(sa.exists().where(ImportRun.source == source)))
    return not known and not others and not source.startswith("listing-")


def _have_done(run: ImportRun) -> None:
    forget_progress(run.id)
    outbox.add(JobKind.IMPORT, [run.id])
    db.session.commit()
