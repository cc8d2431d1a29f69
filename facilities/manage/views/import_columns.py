"""What the columns of a spreadsheet are: guessed, corrected, saved by name."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, signed_in
from facilities.catalogue.models import Kind
from facilities.db import ID, as_id, db, writing
from facilities.exchange.problems import Unreadable
from facilities.manage.forms.imports import NAMING, ColumnsForm, columns_form
from facilities.manage.importing import queries, runs
from facilities.manage.models import ColumnMapping, ImportRun
from facilities.manage.views import bp
from facilities.manage.views.home import user
from facilities.manage.views.imports import run_for, to_run


@bp.route(f"/import/<{ID}:run_id>/columns")
@allow(signed_in)
def import_columns(run_id: int) -> ResponseReturnValue:
    """What each column of the file is."""
    run = run_for(run_id)
    if run.state not in runs.CHANGEABLE:
        return to_run(run_id)
    return _columns_page(run, _columns_form(run))


@bp.route(f"/import/<{ID}:run_id>/columns", methods=["POST"])
@allow(signed_in)
def check_import(run_id: int) -> ResponseReturnValue:
    """Have the file checked with these columns; or read another sheet, or take columns saved earlier."""
    run = run_for(run_id)
    if run.state not in runs.CHANGEABLE:
        return to_run(run_id)
    act = request.form.get("act", "check")
    if act in ("sheet", "mapping"):
        _other_sheet(run) if act == "sheet" else _saved_columns(run)
        return redirect(f"/manage/import/{run_id}/columns", 303)
    form = _columns_form(run)
    valid = form.validate_on_submit()
    if not _makes_sense(run, form) or not valid:
        return _columns_page(run, form), 422
    run.columns, run.defaults = _chosen(run, form), _defaults(form)
    if form.mapping_name.data:
        runs.save_mapping(run, form.mapping_name.data.strip())
        flash(_("The columns were saved as “%(name)s”.", name=form.mapping_name.data.strip()))
    runs.take_over(run, by=user())
    runs.ask_for_check(run, columns=run.columns, defaults=run.defaults, source=form.source.data)
    return to_run(run_id)


def _columns_form(run: ImportRun) -> ColumnsForm:
    said = {
        "kind": run.defaults.get("kind", Kind.INSTRUMENT.value), "parent": run.defaults.get("parent", ""),
        "language": run.defaults.get("language", ""), "country": run.defaults.get("country", ""),
        "currency": run.defaults.get("price.currency", ""), "basis": run.defaults.get("price.basis", ""),
        "source": run.source,
    }  # fmt: skip
    form = columns_form(run.report.get("headings", []), run.columns, data=said)
    below = queries.holders_below(run.listing_id)
    form.parent.choices = [("", run.listing.name), *((f"#{each.id}", each.name) for each in below)]
    return form


def _makes_sense(run: ImportRun, form: ColumnsForm) -> bool:
    chosen = set(_chosen(run, form).values())
    if not chosen & set(NAMING):
        form.form_errors.append(_("Say which column holds the name of the listings."))
    if form.source.data != run.source and not runs.source_is_ours(form.source.data, run.listing_id):
        form.source.errors = [_("This name is taken by others: choose one that begins with your organisation's.")]
    return not form.errors


def _chosen(run: ImportRun, form: ColumnsForm) -> dict[str, str]:
    return {heading: form.column(number).data for number, heading in enumerate(run.report.get("headings", []))}


def _defaults(form: ColumnsForm) -> dict[str, str]:
    said = {
        "kind": form.kind.data, "parent": form.parent.data, "language": form.language.data,
        "country": form.country.data, "price.currency": form.currency.data, "price.basis": form.basis.data,
    }  # fmt: skip
    return {key: value.strip() for key, value in said.items() if value}


def _other_sheet(run: ImportRun) -> None:
    sheet = request.form.get("sheet", "")
    db.session.rollback()
    try:
        table = runs.read_file(run, sheet)
    except Unreadable as refused:
        flash(str(refused), "error")
        return
    writing()
    runs.propose_columns(db.session.get_one(ImportRun, run.id), table)
    db.session.commit()


def _saved_columns(run: ImportRun) -> None:
    mapping = db.session.get(ColumnMapping, request.form.get("mapping", 0, type=as_id))
    if mapping is not None and mapping.listing_id == run.listing_id:
        known = {heading: mapping.columns.get(heading, "") for heading in run.columns}
        run.columns, run.defaults = known, dict(mapping.defaults)
        db.session.commit()


def _columns_page(run: ImportRun, form: ColumnsForm) -> str:
    return render_template("manage/imports/columns.html", run=run, form=form, mappings=runs.mappings_of(run.listing_id))
