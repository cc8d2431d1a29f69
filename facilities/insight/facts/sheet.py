"""The fact sheet: the facts of a scope on paper, as PDF, set by typst from templates/facts/sheet.typ."""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _

from facilities.config import ROOT
from facilities.formats import long_date
from facilities.insight.facts.charts import svg_of
from facilities.insight.facts.figure import Chart
from facilities.insight.facts.keys import key_numbers
from facilities.insight.facts.report import Facts, remembered
from facilities.insight.facts.scopes import Scope
from facilities.insight.facts.showing import ShownFigure, shown
from facilities.insight.map.drawing import Picture, drawing
from facilities.insight.map.places import found_by
from facilities.manage.uploads import file_of
from facilities.search.index import index
from facilities.search.query import SearchQuery

log = logging.getLogger(__name__)

FOLDER = ROOT / "templates" / "facts"
SHOWN = ("kinds", "roles", "categories", "sizes", "pipeline", "techniques", "members", "open", "founded", "employees",
         "turnover", "offers", "certificates", "ages")  # fmt: skip
"""Figures for the sheet, as many as there is room for; those that matter most come first."""

MOST_KEYS = 6
MOST_ROWS = 12
"""Bars of one chart on paper."""

FIRST_PAGE, SECOND_PAGE, BESIDE_MAP = 38.0, 26.0, 13.0
"""Rows that a column of charts has room for on each page, and on the second below a map."""

TITLE, STANDING = 2.5, 8.0
"""Rows that the title of a chart takes, and the columns of one."""

MAP_WIDTH = 900

LARGEST_LOGO = 400_000
"""Bytes."""

FORMATS = {".png": "png", ".jpg": "jpg", ".jpeg": "jpg", ".webp": "webp", ".svg": "svg"}


class CannotBeSet(RuntimeError):
    """The template of the sheet does not print what it is given."""


def sheet_of(scope: Scope, facts: Facts, address: str, name: str, *, drawn: bool = True) -> bytes:
    """The PDF in the visitor's language. `address` is where the facts are, `name` what the scope is called; a map is
    `drawn` of what there is today. A process keeps what it has made until something changes."""
    language = str(get_locale() or "en")
    made: bytes = remembered(
        f"sheet {address} {language}", lambda: _set(_content(scope, facts, address, name, _map(scope) if drawn else ""))
    )
    return made


def _set(content: Mapping[str, Any]) -> bytes:
    """The program that sets it takes a while to load: only who wants a sheet has to wait for it. A logo that it cannot
    read is left out; where a name has letters that no font of the sheet has, the file cannot be read aloud."""
    import typst

    with_less = [content] if content["logo"] is None else [content, {**content, "logo": None}]
    for readable in (True, False):
        for printed in with_less:
            try:
                return _printed(printed, readable=readable)
            except typst.TypstError:
                log.warning("fact sheet of %s not set as it should be", content["name"], exc_info=True)
    raise CannotBeSet(content["name"])


def _printed(content: Mapping[str, Any], *, readable: bool) -> bytes:
    """A file that can be read aloud (PDF/UA-1) if it is to be `readable` so."""
    import typst

    pdf: bytes = typst.compile(
        str(FOLDER / "sheet.typ"), root=str(FOLDER), font_paths=[str(FOLDER / "fonts")], ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(content)}, format="pdf", pdf_standards="ua-1" if readable else [],
        timestamp=int(_midday(date(**content["date"]))),
    )  # fmt: skip
    return pdf


def _content(scope: Scope, facts: Facts, address: str, name: str, map_svg: str = "") -> dict[str, Any]:
    """What the template prints; see there."""
    figures, on = shown(facts), date.fromisoformat(facts["on"])
    pages = _placed(_charts(figures), FIRST_PAGE, BESIDE_MAP if map_svg else SECOND_PAGE)
    charts = [chart for page in pages for column in page for chart in column]
    return _heading(scope, on, name) | {
        "keys": [{"value": key.text, "label": key.label} for key in key_numbers(scope, facts)[:MOST_KEYS]],
        "pages": pages,
        "map": {"svg": map_svg, "alt": _("Map of %(name)s", name=name)} if map_svg else None,
        "definitions": _halves(list(_definitions(figures, charts))),
        "url": address,
        "words": {
            "definitions": _("What was counted"),
            "withheld": " ".join(_withheld(figures)),
            "cite": _("All figures with their tables and files:"),
        },
    }


def _heading(scope: Scope, on: date, name: str) -> dict[str, Any]:
    """Whose sheet it is, of which day, from whom, in which language."""
    site, (logo, logo_format) = current_app.config["SITE_NAME"], _logo(scope)
    return {
        "language": (get_locale().language if get_locale() else "en"),
        "title": _("Facts about %(name)s", name=name),
        "publisher": site,
        "keywords": [name, _("Facts"), str(on.year)],
        "date": {"year": on.year, "month": on.month, "day": on.day},
        "name": name,
        "kicker": scope.network.name if scope.hub and scope.network else "",
        "lead": _("In numbers, %(date)s", date=long_date(on)),
        "logo": logo,
        "logo_format": logo_format,
        "footer": _("%(site)s · made from the catalogue on %(date)s", site=site, date=long_date(on)),
    }


def _withheld(figures: list[ShownFigure]) -> Iterator[str]:
    """What is never shown, and the figures that are not shown now."""
    yield _("Numbers behind which stand fewer than three organisations are not shown.")
    yield from (f"{figure.title}: {figure.why}" for figure in figures if not figure.rows)


def _charts(figures: list[ShownFigure]) -> Iterator[dict[str, Any]]:
    there = {figure.name: figure for figure in figures if figure.chart != Chart.NONE}
    for figure in (there[name] for name in SHOWN if name in there):
        shortened = figure.first(MOST_ROWS) if figure.chart == Chart.BARS else figure
        yield {
            "name": figure.name, "title": figure.title, "svg": svg_of(shortened),
            "alt": f"{figure.title}. " + ", ".join(f"{row.label}: {row.text}" for row in shortened.rows),
            "note": figure.coverage,
            "height": TITLE + (STANDING if figure.chart == Chart.COLUMNS else len(shortened.rows)),
        }  # fmt: skip


def _placed(charts: Iterable[dict[str, Any]], *room: float) -> list[list[list[dict[str, Any]]]]:
    """Pages of two columns: each chart in the shorter column of the first page that has room for it; what nowhere has
    room is left out."""
    pages: list[list[list[dict[str, Any]]]] = [[[], []] for _page in room]
    for chart in charts:
        for page, most in zip(pages, room, strict=True):
            column = min(page, key=_height)
            if _height(column) + chart["height"] <= most:
                column.append(chart)
                break
    return pages


def _height(column: list[dict[str, Any]]) -> float:
    return sum(chart["height"] for chart in column)


def _map(scope: Scope) -> str:
    """The map of what the scope has, as SVG; empty where nothing of it has a place."""
    filters = dict(scope.filters)
    near, radius = filters.pop("near", ""), int(filters.pop("radius", 0)) or None
    query = SearchQuery(filters={name: (value,) for name, value in filters.items()}, near=near, radius=radius)
    found = found_by(query) if index().exists() else None
    return drawing(query, found, Picture(width=MAP_WIDTH, titled=False)) if found is not None and len(found.ids) else ""


def _definitions(figures: list[ShownFigure], charts: list[dict[str, Any]]) -> Iterator[dict[str, str]]:
    drawn = {chart["name"] for chart in charts}
    for figure in figures:
        if figure.name in drawn:
            yield {"title": figure.title, "text": figure.definition}


def _halves(texts: list[dict[str, str]]) -> list[list[dict[str, str]]]:
    """Two columns of about as many letters."""
    whole = sum(len(each["text"]) for each in texts)
    first: list[dict[str, str]] = []
    while texts[len(first) :] and 2 * sum(len(each["text"]) for each in first) < whole:
        first.append(texts[len(first)])
    return [first, texts[len(first) :]]


def _logo(scope: Scope) -> tuple[list[int] | None, str]:
    """The bytes of the picture of the network or hub, and what they are; None if there is none that can be printed."""
    path = (scope.hub and scope.hub.logo) or (scope.network.logo if scope.network else "")
    file = _file_at(path) if path else None
    kind = FORMATS.get(file.suffix.lower(), "") if file else ""
    if file is None or not kind or file.stat().st_size > LARGEST_LOGO:
        return None, ""
    return list(file.read_bytes()), kind


def _file_at(path: str) -> Path | None:
    """The file of ours that an address of this site leads to."""
    name = path.rpartition("/")[2]
    if path.startswith("/demo/images/"):
        demo = ROOT / "facilities" / "catalogue" / "demo" / "images" / name
        return demo if demo.is_file() else None
    return file_of(name)


def _midday(day: date) -> float:
    """Seconds since 1970 at noon, UTC: a sheet made twice a day is the same file."""
    return (day - date(1970, 1, 1)).days * 86400.0 + 43200
