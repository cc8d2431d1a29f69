"""Facts as files: CSV, SVG, PDF."""

from flask import Response, abort, current_app
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone
from facilities.accounts.limits import address_block, spend
from facilities.insight.facts.charts import svg_of
from facilities.insight.facts.editions import edition_of
from facilities.insight.facts.files import csv_of
from facilities.insight.facts.report import Facts, facts_of
from facilities.insight.facts.scopes import Scope
from facilities.insight.facts.sheet import sheet_of
from facilities.insight.facts.showing import ShownFigure, shown, shown_figure
from facilities.insight.facts.views import EVERYWHERE, FROZEN, at, name_of, scope_for

CSV = "text/csv; charset=utf-8"
SHEETS = "20 per minute; 300 per day"
"""Fact sheets of one visitor: setting one takes a third of a second of a processor."""


@at(".csv", EVERYWHERE)
@allow(anyone)
def csv_file(**where: str) -> ResponseReturnValue:
    """All figures in one file."""
    scope = scope_for(**where)
    facts = facts_of(scope)
    return _file(csv_of(facts, shown(facts)), CSV, _file_name(scope, facts, "csv"))


@at(".pdf", EVERYWHERE)
@allow(anyone)
def pdf_file(**where: str) -> ResponseReturnValue:
    """The fact sheet."""
    scope = scope_for(**where)
    return _sheet(scope, facts_of(scope), scope.facts)


@at("/<name>.csv", EVERYWHERE)
@allow(anyone)
def figure_csv(name: str, **where: str) -> ResponseReturnValue:
    """One figure."""
    scope = scope_for(**where)
    facts = facts_of(scope)
    return _file(csv_of(facts, [_figure(facts, name)]), CSV, _file_name(scope, facts, "csv", name))


@at("/<name>.svg", EVERYWHERE)
@allow(anyone)
def figure_svg(name: str, **where: str) -> ResponseReturnValue:
    """The chart of one figure."""
    scope = scope_for(**where)
    facts = facts_of(scope)
    drawn = svg_of(_figure(facts, name)) or abort(404)
    return _file(drawn.encode(), "image/svg+xml", _file_name(scope, facts, "svg", name))


@at("/<int(max=9999):year>/<int(max=9999):number>.csv", FROZEN)
@allow(anyone)
def edition_csv(year: int, number: int, **where: str) -> ResponseReturnValue:
    """All figures of an edition."""
    scope = scope_for(**where)
    edition = edition_of(scope, year, number) or abort(404)
    name = _file_name(scope, edition.facts, "csv", f"{year}-{number}")
    return _file(csv_of(edition.facts, shown(edition.facts)), CSV, name)


@at("/<int(max=9999):year>/<int(max=9999):number>.pdf", FROZEN)
@allow(anyone)
def edition_pdf(year: int, number: int, **where: str) -> ResponseReturnValue:
    """The fact sheet of an edition."""
    scope = scope_for(**where)
    edition = edition_of(scope, year, number) or abort(404)
    return _sheet(scope, edition.facts, f"{scope.facts}/{year}/{number}", drawn=False)


def _sheet(scope: Scope, facts: Facts, path: str, *, drawn: bool = True) -> Response:
    spend(SHEETS, "fact sheets", address_block())
    address = current_app.config["SITE_URL"] + path
    made = sheet_of(scope, facts, address, name_of(scope), drawn=drawn)
    return _file(made, "application/pdf", _file_name(scope, facts, "pdf"))


def _figure(facts: Facts, name: str) -> ShownFigure:
    return shown_figure(facts, name) or abort(404)


def _file_name(scope: Scope, facts: Facts, ending: str, about: str = "") -> str:
    """facts-network-medicon-2026-11-22.csv"""
    words = ("facts", scope.key.replace("/", "-") if scope.network or scope.town else "", about, facts["on"])
    return "-".join(filter(None, words)) + f".{ending}"


def _file(content: bytes, mimetype: str, name: str) -> Response:
    made = Response(content, mimetype=mimetype)
    shown_by = "attachment" if name.endswith(".csv") else "inline"
    made.headers["Content-Disposition"] = f'{shown_by}; filename="{name}"'
    return made
