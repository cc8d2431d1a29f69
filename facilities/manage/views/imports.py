"""Spreadsheets on their way into the catalogue: sent, checked, accepted, saved, undone."""

import csv
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from typing import Any

from flask import Response, abort, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import undefer

from facilities.access import allow, listing_for, signed_in
from facilities.accounts.rights import may_import, may_see
from facilities.db import ID, as_id, db, writing
from facilities.exchange.problems import Unreadable
from facilities.exchange.tables.cells import safe
from facilities.exchange.tables.fields import field_of
from facilities.exchange.tables.limits import MEGABYTE, MOST_BYTES
from facilities.manage.differences import names_in
from facilities.manage.forms.imports import AcceptForm, FileForm, PlainForm
from facilities.manage.importing import queries, runs
from facilities.manage.importing.findings import findings_of, progress_of
from facilities.manage.importing.planned import kind_called
from facilities.manage.importing.undoing import changed_since, touched
from facilities.manage.models import ImportRun, ImportState
from facilities.manage.past import in_words
from facilities.manage.views import bp
from facilities.manage.views.home import user
from facilities.paging import asked_page, pages_of

PER_PAGE = 25
AT_WORK = (ImportState.CHECKING, ImportState.SAVING, ImportState.UNDOING)
SHOWN = ("problems", "updated", "created", "gone", "likely")
"""What the check shows, the first of them that holds anything at first."""


@bp.url_value_preprocessor
def allow_spreadsheets(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the request: this form may be large, and one that says it is larger is refused at once."""
    if endpoint == "manage.send_spreadsheet":
        request.max_content_length = MOST_BYTES + MEGABYTE


def run_for(run_id: int) -> ImportRun:
    """An import that the user may see; locked, and read after the lock, when the request may change it."""
    changes = request.method == "POST"
    run = db.session.get(
        ImportRun, run_id, options=[undefer(ImportRun.report)], populate_existing=True, with_for_update=changes or None
    )
    if run is None:
        abort(404)
    listing_for(run.listing_id, may_import)
    return run


def to_run(run_id: int) -> ResponseReturnValue:
    return redirect(f"/manage/import/{run_id}", 303)


# Sending a file -----------------------------------------------------------


@bp.route("/import")
@allow(signed_in)
def imports() -> ResponseReturnValue:
    """Send a file; the imports so far."""
    return _start_page(_file_form())


@bp.route("/import", methods=["POST"])
@allow(signed_in)
def send_spreadsheet() -> ResponseReturnValue:
    """Take a file and guess its columns. While it is read no transaction is open: reading may take seconds."""
    form = _file_form()
    if not form.validate_on_submit():
        return _start_page(form), 422
    listing = listing_for(int(form.listing.data), may_import)
    like = db.session.get(ImportRun, request.form.get("like", 0, type=as_id))
    if like is not None and like.listing_id != listing.id:
        like = None
    run = runs.start_run(listing, form.file.data.filename or "", by=user(), like=like)
    db.session.commit()
    try:
        with closing(form.file.data):
            runs.keep_upload(run, form.file.data)
        table = runs.read_file(run)
    except Unreadable as refused:
        writing()
        runs.drop_run(db.session.get_one(ImportRun, run.id))
        form.file.errors = [str(refused)]
        return _start_page(form), 422
    writing()
    runs.propose_columns(run, table)
    db.session.commit()
    return redirect(f"/manage/import/{run.id}/columns", 303)


def _file_form() -> FileForm:
    asked = request.values.get("listing", 0, type=as_id)
    form = FileForm(listing=str(asked))
    form.listing.choices = [(str(each.id), each.label) for each in queries.holders_of(user(), asked)]
    return form


def _start_page(form: FileForm) -> str:
    return render_template(
        "manage/import.html", form=form, runs=queries.runs_of(user(), asked_page()),
        pages=pages_of(queries.count_runs(user()), queries.PER_PAGE), like=request.values.get("like", ""),
    )  # fmt: skip


# The check, the saving, what came of it -----------------------------------


@bp.route(f"/import/<{ID}:run_id>")
@allow(signed_in)
def import_page(run_id: int) -> ResponseReturnValue:
    """Where an import is: at work, waiting for its owner's word, or done."""
    run = run_for(run_id)
    if run.state == ImportState.UPLOADED:
        return redirect(f"/manage/import/{run_id}/columns", 303)
    if run.state in AT_WORK:
        return render_template("manage/imports/progress.html", run=run, progress=progress_of(run.id))
    if run.state == ImportState.CHECKED:
        return _check_page(run, AcceptForm())
    return render_template("manage/imports/result.html", run=run, form=PlainForm())


def _check_page(run: ImportRun, form: AcceptForm) -> str:
    found = run.report.get("found", {})
    shown = request.args.get("show", "")
    if shown not in SHOWN:
        shown = next((name for name in SHOWN if found.get(name)), "problems")
    entries = list(findings_of(run.id, shown, page=asked_page(), per_page=PER_PAGE))
    pages = pages_of(found.get(shown, 0), PER_PAGE)
    return render_template(
        "manage/imports/check.html", run=run, form=form, found=found, shown=shown, pages=pages,
        entries=_told(run, shown, entries), fatal=run.rejected,
    )  # fmt: skip


def _told(run: ImportRun, shown: str, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings in words."""
    if shown == "problems":
        return [entry | {"column": column_of(run, entry["key"])} for entry in entries]
    if shown in ("created", "updated"):
        names = names_in(entry["changes"] for entry in entries)
        return [
            entry | {"changed": in_words(entry["changes"], names), "kind": kind_called(entry["kind"])}
            for entry in entries
        ]
    if shown == "likely":
        listings = queries.listings_named({entry["id"] for entry in entries})
        return [entry | {"listing": _visible(listings.get(entry["id"]))} for entry in entries]
    return entries


def _visible(listing: Any) -> Any:
    """A listing that looks the same, unless it is a draft of somebody else."""
    return listing if listing is not None and may_see(user(), listing) else None


def column_of(run: ImportRun, key: str) -> str:
    """The column that a problem is about, as its file calls it: “D Benämning”; else what the field is called."""
    heading = next((heading for heading, mapped in run.columns.items() if mapped == key), "")
    if heading:
        letter = run.report.get("seen", {}).get(heading, [""])[0]
        return f"{letter} “{heading}”" if letter else heading
    column = field_of(key)
    return column.label if column else key


@bp.route(f"/import/<{ID}:run_id>/progress")
@allow(signed_in)
def import_progress(run_id: int) -> ResponseReturnValue:
    """How far the worker is, for the page that waits for it."""
    run = run_for(run_id)
    progress = progress_of(run.id)
    return jsonify(at_work=run.state in AT_WORK, percent=progress.percent, done=progress.done, of=progress.of)


@bp.route(f"/import/<{ID}:run_id>/problems.csv")
@allow(signed_in)
def import_problems(run_id: int) -> ResponseReturnValue:
    """Every error as a spreadsheet."""
    run = run_for(run_id)
    head = (_("Row"), _("Column"), _("Name"), _("What to do"), _("The row is"))
    entries = list(findings_of(run.id, "problems"))
    rows = [
        (str(each["row"]), column_of(run, each["key"]), each["name"], each["reason"],
         _("left out") if each["fatal"] else _("imported"))
        for each in entries
    ]  # fmt: skip
    return Response(
        _as_csv([head, *rows]), mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename=import-{run.id}-errors.csv"},
    )  # fmt: skip


def _as_csv(rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield "\ufeff"
    for row in rows:
        text = StringIO()
        csv.writer(text).writerow([safe(cell) for cell in row])
        yield text.getvalue()


@bp.route(f"/import/<{ID}:run_id>/accept", methods=["POST"])
@allow(signed_in)
def accept_import(run_id: int) -> ResponseReturnValue:
    """Have all of it saved."""
    run = run_for(run_id)
    if run.state != ImportState.CHECKED:
        return to_run(run_id)
    form = AcceptForm()
    if run.rejected and not form.skip_errors.data:
        form.skip_errors.errors = [_("Tick this to import the rest, or correct the rows and send the file again.")]
        return _check_page(run, form), 422
    if form.validate_on_submit():
        runs.take_over(run, by=user())
        runs.accept_run(run, skip_errors=form.skip_errors.data, withdraw_gone=form.withdraw_gone.data)
    return to_run(run_id)


@bp.route(f"/import/<{ID}:run_id>/drop", methods=["POST"])
@allow(signed_in)
def drop_import(run_id: int) -> ResponseReturnValue:
    """Forget an import that was not saved, with its file."""
    run = run_for(run_id)
    if run.state not in runs.CHANGEABLE:
        return to_run(run_id)
    name = run.file_name
    runs.drop_run(run)
    flash(_("%(name)s was dropped. Nothing was imported.", name=name))
    return redirect("/manage/import", 303)


@bp.route(f"/import/<{ID}:run_id>/undo")
@allow(signed_in)
def undo_page(run_id: int) -> ResponseReturnValue:
    """What undoing would put back, and what it would leave."""
    run = run_for(run_id)
    if run.state != ImportState.DONE:
        return to_run(run_id)
    kept = changed_since(run)
    return render_template("manage/imports/undo.html", run=run, kept=kept, number=touched(run), form=PlainForm())


@bp.route(f"/import/<{ID}:run_id>/undo", methods=["POST"])
@allow(signed_in)
def undo_import(run_id: int) -> ResponseReturnValue:
    """Have the import undone."""
    run = run_for(run_id)
    if run.state == ImportState.DONE:
        runs.undo_run(run, by=user())
    return to_run(run_id)
