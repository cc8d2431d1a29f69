"""Spreadsheets for tests, and the steps of an import without its pages."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import undefer
from werkzeug.datastructures import FileStorage

from facilities.accounts.models import User
from facilities.catalogue.models import Listing
from facilities.db import db, writing
from facilities.manage.importing import runs
from facilities.manage.models import ImportRun
from facilities.outbox.worker import work_once


def csv_of(*rows: Sequence[str]) -> bytes:
    """Rows of cells without separators or quotation marks, as a CSV file."""
    return "\n".join(",".join(row) for row in rows).encode()


def app_of() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app


def instance() -> Path:
    """Where the files of the application are."""
    return Path(app_of().config["INSTANCE_PATH"])


def get_run(run_id: int) -> ImportRun:
    """The import as the database has it now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(ImportRun, run_id, options=[undefer(ImportRun.report)], populate_existing=True)


def checked(listing: Listing, by: User, data: bytes, *, name: str = "list.csv", **given: Any) -> ImportRun:
    """A file sent, its columns taken as guessed (`columns`, `defaults` and `source` over them), and checked."""
    writing()
    run = runs.start_run(listing, name, by=by)
    runs.keep_upload(run, FileStorage(BytesIO(data)))
    runs.propose_columns(run, runs.read_file(run))
    runs.ask_for_check(
        run,
        columns=run.columns | given.get("columns", {}),
        defaults=run.defaults | given.get("defaults", {}),
        source=given.get("source", run.source),
    )
    work_once(app_of())
    return get_run(run.id)


def accepted(run: ImportRun, *, skip_errors: bool = False, withdraw_gone: bool = False) -> ImportRun:
    """The import, accepted and saved by the worker."""
    writing()
    run = db.session.merge(run)
    runs.accept_run(run, skip_errors=skip_errors, withdraw_gone=withdraw_gone)
    work_once(app_of())
    return get_run(run.id)


def imported(listing: Listing, by: User, data: bytes, **given: Any) -> ImportRun:
    """A file on its way through all steps."""
    return accepted(checked(listing, by, data, **given))


def undone(run: ImportRun, by: User) -> ImportRun:
    """The import, undone by the worker."""
    writing()
    runs.undo_run(db.session.merge(run), by=by)
    work_once(app_of())
    return get_run(run.id)


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, rejected."""
    return run.created, run.updated, run.unchanged, run.rejected
