"""The density of an instrument type by region, for funders."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import sqlalchemy as sa
from flask import Blueprint, Response, abort, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, anyone
from facilities.catalogue.models import Kind, Technique, country_name
from facilities.catalogue.queries import published_by_ids
from facilities.catalogue.vocabulary.choosing import find_techniques
from facilities.db import db, now
from facilities.exchange.tables.writing import as_csv
from facilities.insight.density.counting import AGES, Country, Density, by_country, density_of
from facilities.insight.density.reading import Counted, instruments_with, technique_called, with_narrower
from facilities.manage.paging import asked_page, pages_of
from facilities.search.index import index
from facilities.search.query import SearchQuery
from facilities.search.understanding import lexicon
from search_index import Query

bp = Blueprint("density", __name__)
PER_PAGE = 25
MOST_TYPES = 48
MOST_COMPARED = 3
LONGEST = 120


@bp.get("/density")
@allow(anyone)
def choose() -> ResponseReturnValue:
    """Choose a technique: by its name, or among those that most instruments have."""
    typed = request.args.get("q", "").strip()[:LONGEST]
    found = find_techniques(typed) if typed else []
    if len(found) == 1 or (found and found[0].label.casefold() == typed.casefold()):
        return redirect(f"/density/{found[0].slug}", 303)
    return render_template("insight/density/choose.html", typed=typed, found=found, types=_types())


@bp.get("/density/<slug>")
@allow(anyone)
def technique(slug: str) -> ResponseReturnValue:
    """How many instruments there are of a technique and its narrower ones, by country and region."""
    found, below, instruments = _asked(slug)
    year = now().year
    countries = by_country(instruments, year=year)
    page = (asked_page() - 1) * PER_PAGE
    return render_template(
        "insight/density/technique.html",
        technique=found,
        below={name: label for name, label in below.items() if name != slug},
        whole=density_of(instruments, year=year),
        countries=countries,
        most=max((region.units for country in countries for region in country.regions), default=0),
        compared=_compared(countries),
        most_compared=MOST_COMPARED,
        age_labels=age_labels(),
        listings=published_by_ids([each.id for each in instruments[page : page + PER_PAGE]]),
        pages=pages_of(len(instruments), PER_PAGE),
        query=_search(below),
        map_url=replace(_search(below), base="/map").url,
        today=now().date(),
    )


@bp.get("/density/<slug>.csv")
@allow(anyone)
def technique_csv(slug: str) -> ResponseReturnValue:
    """The instruments that were counted, as a file."""
    _found, _below, instruments = _asked(slug)
    response = Response(b"".join(as_csv(_rows(instruments))), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f"attachment; filename=density-{slug}.csv"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _asked(slug: str) -> tuple[Technique, dict[str, str], list[Counted]]:
    found = technique_called(slug) or abort(404)
    below = with_narrower(found)
    return found, below, instruments_with(tuple(below))


def _search(below: dict[str, str]) -> SearchQuery:
    return SearchQuery(filters={"kind": (Kind.INSTRUMENT.value,), "technique": tuple(below)})


def _types() -> list[tuple[str, str, int]]:
    """The techniques that most instruments have: slug, label, number with the narrower ones as their pages count."""
    if not index().exists():
        return []
    query = Query(filters={"kind": (Kind.INSTRUMENT.value,)}, limit=0, facets=("technique",), facet_limit=MOST_TYPES)
    counts = index().search(query).facets.get("technique", [])
    named = db.session.scalars(sa.select(Technique).where(Technique.slug.in_([slug for slug, _number in counts])))
    labels = {each.slug: each.label for each in named}
    found = [(slug, labels[slug], _with_those_below(slug, number)) for slug, number in counts if slug in labels]
    return sorted(found, key=lambda each: -each[2])


def _with_those_below(slug: str, number: int) -> int:
    """How many instruments have the technique, of which `number` name itself, or a narrower one."""
    concept = lexicon().techniques.concepts.get(slug)
    below = [each.slug for each, _depth in concept.descendants()] if concept else []
    filters = {"kind": (Kind.INSTRUMENT.value,), "technique": (slug, *below)}
    return index().search(Query(filters=filters, limit=0)).total if below else number


def _compared(countries: list[Country]) -> list[Density]:
    """The regions that the address names to be compared, at most three, in the order of the table."""
    wanted = request.args.getlist("compare")
    every = [each for country in countries for each in (country.whole, *country.regions)]
    return [each for each in every if each.key in wanted][:MOST_COMPARED]


def age_labels() -> list[str]:
    """What the classes of age are called, the youngest first."""
    between = [_("%(least)s to %(most)s years", least=least, most=after - 1) for least, after in pairwise(AGES)]
    return [_("under %(years)s years", years=AGES[0]), *between, _("%(years)s years and more", years=AGES[-1])]


def _rows(instruments: list[Counted]) -> Iterator[list[str]]:
    yield [
        _("Instrument"), _("Manufacturer"), _("Model"), _("Number of units"), _("Organisation"), _("City"),
        _("Region"), _("Country"), _("Acquired"), _("Open to companies"), _("Open to academia"),
        _("Idle hours a week"), _("Status"), _("Web page"),
    ]  # fmt: skip
    site = current_app.config["SITE_URL"]
    for each in instruments:
        yield [
            each.name, each.manufacturer, each.model, str(each.units), each.owner, each.city, each.region,
            country_name(each.country) if each.country else "", str(each.year or ""), _yes_or_no(each.for_companies),
            _yes_or_no(each.for_academia), "" if each.idle_hours is None else str(each.idle_hours),
            str(each.status.label) if each.status else "", f"{site}/listings/{each.id}",
        ]  # fmt: skip


def _yes_or_no(whether: bool) -> str:
    return _("yes") if whether else _("no")
