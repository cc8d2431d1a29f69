"""The density of an instrument type by region, for funders."""

from collections.abc import Iterator, Mapping, Sequence
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
from facilities.formats import site_today
from facilities.insight.density.counting import AGES, Country, Density, by_country, density_of
from facilities.insight.density.reading import Counted, instruments_with, technique_called, with_narrower
from facilities.networks.models import Network
from facilities.networks.scope import enter, entered
from facilities.networks.searching import among_members
from facilities.paging import asked_page, pages_of
from facilities.search.index import index
from facilities.search.keeping import kept
from facilities.search.query import SearchQuery
from facilities.search.understanding import lexicon
from search_index import Query

bp = Blueprint("density", __name__)
PER_PAGE = 25
MOST_TYPES = 48
MOST_COMPARED = 3
MOST_KEPT = 64
"""Networks, and the site, whose numbers a process keeps."""
LONGEST = 120
COLUMNS = (
    "Instrument", "Manufacturer", "Model", "Number of units", "Organisation", "City", "Region", "Country", "Acquired",
    "Open to companies", "Open to academia", "Idle hours a week", "Status", "Web page",
)  # fmt: skip
"""Of the file: the same in every language."""


@bp.get("/density")
@bp.get("/networks/<slug>/density")
@allow(anyone)
def choose(slug: str = "") -> ResponseReturnValue:
    """Choose a technique: by its name, or among those that most instruments have, in a network's part those of its
    members."""
    network, part = _network(slug), _part(slug)
    typed = request.args.get("q", "").strip()[:LONGEST]
    found = find_techniques(typed) if typed else []
    if len(found) == 1 or (found and found[0].label.casefold() == typed.casefold()):
        return redirect(f"{part}/density/{found[0].slug}", 303)
    return render_template(
        "insight/density/choose.html", typed=typed, found=found, types=_types(network), base=f"{part}/density"
    )


@bp.get("/density/<name>")
@bp.get("/networks/<slug>/density/<name>")
@allow(anyone)
def technique(name: str, slug: str = "") -> ResponseReturnValue:
    """How many instruments there are of a technique and its narrower ones, by country and region."""
    network, part = _network(slug), _part(slug)
    found, below, instruments = _asked(name, network)
    query = _search(below, network, part)
    year = now().year
    countries = by_country(instruments, year=year)
    page = (asked_page() - 1) * PER_PAGE
    return render_template(
        "insight/density/technique.html",
        technique=found,
        base=f"{part}/density",
        below={narrower: label for narrower, label in below.items() if narrower != name},
        whole=density_of(instruments, year=year),
        countries=countries,
        most=max((region.units for country in countries for region in country.regions), default=0),
        compared=_compared(countries),
        most_compared=MOST_COMPARED,
        age_labels=age_labels(),
        listings=published_by_ids([each.id for each in instruments[page : page + PER_PAGE]]),
        pages=pages_of(len(instruments), PER_PAGE),
        query=query,
        map_url=replace(query, base=f"{part}/map").url,
        today=site_today(),
    )


@bp.get("/density/<name>.csv")
@bp.get("/networks/<slug>/density/<name>.csv")
@allow(anyone)
def technique_csv(name: str, slug: str = "") -> ResponseReturnValue:
    """The instruments that were counted, as a file."""
    _found, _below, instruments = _asked(name, _network(slug))
    response = Response(b"".join(as_csv(_rows(instruments))), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f"attachment; filename=density-{name}.csv"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _network(slug: str) -> Network | None:
    """The network whose part of the site it is: that of the address, else the one under whose host name it is."""
    return enter(slug) if slug else entered()


def _part(slug: str) -> str:
    """The address below which its pages are; under a host name of its own they have the site's usual ones."""
    return f"/networks/{slug}" if slug else ""


def _asked(name: str, network: Network | None) -> tuple[Technique, dict[str, str], list[Counted]]:
    found = technique_called(name) or abort(404)
    below = with_narrower(found)
    return found, below, instruments_with(tuple(below), network)


def _search(below: dict[str, str], network: Network | None, part: str) -> SearchQuery:
    query = SearchQuery(filters={"kind": (Kind.INSTRUMENT.value,), "technique": tuple(below)})
    return among_members(query, network, base=f"{part}/search") if network else query


def _types(network: Network | None) -> list[tuple[str, str, int]]:
    """The techniques that most instruments have: slug, label, number with the narrower ones as their pages count."""
    slug = network.slug if network else ""
    counts = kept("density", ("types", slug), lambda: _type_counts(slug), most=MOST_KEPT)
    named = db.session.scalars(sa.select(Technique).where(Technique.slug.in_(list(counts))))
    found = [(each.slug, each.label, counts[each.slug]) for each in named]
    return sorted(found, key=lambda each: (-each[2], each[1]))


def _type_counts(network: str) -> dict[str, int]:
    """How many instruments have each of these techniques or a narrower one; one search for each of them."""
    if not index().exists():
        return {}
    whose = {"kind": (Kind.INSTRUMENT.value,)} | ({"network": (network,)} if network else {})
    query = Query(filters=whose, limit=0, facets=("technique",), facet_limit=MOST_TYPES)
    counts = index().search(query).facets.get("technique", [])
    return {slug: _with_those_below(slug, number, whose) for slug, number in counts}


def _with_those_below(slug: str, number: int, whose: Mapping[str, tuple[str, ...]]) -> int:
    """How many instruments have the technique, of which `number` name itself, or a narrower one."""
    concept = lexicon().techniques.concepts.get(slug)
    below = [each.slug for each, _depth in concept.descendants()] if concept else []
    filters = {**whose, "technique": (slug, *below)}
    return index().search(Query(filters=filters, limit=0, facets=())).total if below else number


def _compared(countries: list[Country]) -> list[Density]:
    """The regions that the address names to be compared, at most three, in the order of the table."""
    wanted = request.args.getlist("compare")
    every = [each for country in countries for each in (country.whole, *country.regions)]
    return [each for each in every if each.key in wanted][:MOST_COMPARED]


def age_labels() -> list[str]:
    """What the classes of age are called, the youngest first."""
    between = [_("%(least)s to %(most)s years", least=least, most=after - 1) for least, after in pairwise(AGES)]
    return [_("under %(years)s years", years=AGES[0]), *between, _("%(years)s years and more", years=AGES[-1])]


def _rows(instruments: list[Counted]) -> Iterator[Sequence[str]]:
    yield COLUMNS
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
