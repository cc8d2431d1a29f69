"""Whatever a listing says, its form shows it, and sent back untouched the form changes nothing."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask, render_template_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facilities.catalogue.models import (
    KINDS,
    AccessMode,
    Activity,
    Agreement,
    Customer,
    FundingStage,
    InstrumentStatus,
    Kind,
    Mode,
    OfferKind,
    OrganisationKind,
    Phase,
    PremisesKind,
    PriceBasis,
    PriceGroup,
    RoomClass,
    Sector,
    Specialty,
    Training,
    UserGroup,
)
from facilities.db import now
from facilities.enquiries.models import EnquiryKind
from facilities.manage.forms import form_of
from facilities.manage.forms.texts import LANGUAGES
from facilities.manage.sections import fields_of, sections_of
from tests.manage.forms import form_in

PAGE = """<form action="/form">{% include ["manage/edit/sections/" ~ section.name ~ ".html",
"manage/edit/sections/rows.html"] %}</form>"""

LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn"))
WORDS = st.text(LETTERS, max_size=40)
ROLE = st.text(st.characters(categories=("L", "N", "P"), exclude_characters="@"), min_size=1, max_size=30).map(
    lambda text: f"A{text}"
)
LINES = st.lists(WORDS, max_size=4).map("\n".join)
DAYS = st.dates().map(lambda day: day.isoformat())
URLS = st.sampled_from(["", "https://example.org/å?a=1&b=2", "http://example.org"])


def some(words: Any) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from([word.value for word in words]), unique=True)


def one(words: Any) -> st.SearchStrategy[str]:
    return st.sampled_from([word.value for word in words])


def row(needed: dict[str, Any], **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    """A row as `content.read` gives it: without what is empty."""
    return st.fixed_dictionaries(needed, optional=optional).map(
        lambda said: {name: value for name, value in said.items() if value not in (None, "", [])}
    )


def pair(low: int, high: int) -> st.SearchStrategy[tuple[int | None, int | None]]:
    numbers = st.tuples(st.integers(low, high), st.integers(low, high)).map(sorted).map(tuple)
    return st.one_of(st.just((None, None)), numbers)


AMOUNT = st.decimals(0, 10**9, places=2).map(str)
YEARS = st.one_of(st.none(), st.integers(1900, now().year))
YES_OR_NO = st.sampled_from([True, False, None])
SAID = row({}, name=WORDS, summary=WORDS, description=LINES)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "language": st.sampled_from(LANGUAGES),
    "name": ROLE,
    "summary": WORDS,
    "description": LINES,
    "texts": st.dictionaries(st.sampled_from(LANGUAGES), SAID, max_size=3),
    "abbreviation": WORDS,
    "other_names": st.lists(ROLE, max_size=3),
    "keywords": st.lists(ROLE, max_size=3),
    "url": URLS,
    "ror": st.sampled_from([None, "048a87296"]),
    "rrid": st.sampled_from([None, "RRID:SCR_123456"]),
    "doi": st.sampled_from([None, "10.1234/a.b(c)"]),
    "established": st.one_of(st.none(), st.integers(800, 2200)),
    "organisation_kind": one(OrganisationKind),
    "roles": st.lists(st.sampled_from(["discovery", "clinical", "policy"]), unique=True),
    "company_number": st.sampled_from(["", "5560360793"]),
    "sector": st.one_of(st.just(""), one(Sector)),
    "activities": some(Activity),
    "customers": some(Customer),
    "specialties": some(Specialty),
    "employees": st.one_of(st.none(), st.integers(0, 10**6)),
    "employees_year": YEARS,
    "employees_source": WORDS,
    "turnover": st.one_of(st.none(), st.integers(0, 10**15)),
    "turnover_currency": st.just("SEK"),
    "turnover_year": YEARS,
    "turnover_source": WORDS,
    "sites": st.lists(
        row(
            {"city": ROLE}, name=WORDS, address=WORDS, postal_code=st.text(LETTERS, max_size=20),
            country=st.sampled_from(["SE", "NO"]),
        ), max_size=3,
    ),
    "pipeline": st.lists(
        row({"name": ROLE, "phase": one(Phase)}, indication=WORDS, modality=WORDS, year=st.integers(1900, 2200)),
        max_size=3,
    ),
    "idle_hours": st.one_of(st.none(), st.integers(0, 168)),
    "offer_kind": one(OfferKind),
    "open_until": st.one_of(st.none(), DAYS),
    "premises": some(PremisesKind),
    "area": pair(0, 10**6),
    "room_classes": some(RoomClass),
    "free_from": st.one_of(st.none(), DAYS),
    "stages": some(FundingStage),
    "amount": pair(0, 10**12),
    "currency": st.just("NOK"),
    "siting": WORDS,
    "operation": WORDS,
    "manufacturer": WORDS,
    "model": WORDS,
    "quantity": st.integers(1, 10_000),
    "instrument_status": st.one_of(st.none(), one(InstrumentStatus)),
    "serial_number": WORDS,
    "inventory_number": WORDS,
    "acquired": st.sampled_from(["", "2021", "2021-05"]),
    "available_until": st.one_of(st.none(), DAYS),
    "sample_input": LINES,
    "deliverables": LINES,
    "capacity": WORDS,
    "lead_time": pair(0, 5000),
    "trl": pair(1, 9),
    "techniques": st.just([]),
    "categories": st.just([]),
    "department": WORDS,
    "address": WORDS,
    "postal_code": st.text(LETTERS, max_size=20),
    "city": WORDS,
    "region": WORDS,
    "country": st.sampled_from([None, "SE", "FI", "US"]),
    "place": st.one_of(st.just((None, None)), st.tuples(st.floats(-90, 90), st.floats(-180, 180))),
    "building": WORDS,
    "room": WORDS,
    "contacts": st.lists(
        row(
            {"role": ROLE, "email": st.emails(domains=st.just("example.org"))}, name=ROLE, deputy_name=ROLE,
            languages=st.lists(st.sampled_from(LANGUAGES), unique=True), enquiry_kinds=some(EnquiryKind),
            groups=some(UserGroup), away_from=DAYS, left=st.sampled_from([True, None]),
        ), max_size=3,
    ),
    "access": st.one_of(
        st.none(),
        row(
            {}, groups=some(UserGroup), modes=some(Mode), access_mode=one(AccessMode), training=one(Training),
            training_hours=st.integers(0, 1000), booking_required=YES_OR_NO, safety_certificate=WORDS,
            agreements=some(Agreement), insurance=WORDS, conditions=LINES, price_level=st.integers(1, 4),
        ),
    ),
    "prices": st.lists(
        row(
            {"group": one(PriceGroup), "basis": one(PriceBasis), "amount": AMOUNT, "currency": st.just("SEK")},
            item=WORDS, setup_fee=AMOUNT, includes_operator=YES_OR_NO, includes_analysis=YES_OR_NO, valid_until=DAYS,
            note=WORDS,
        ), max_size=3,
    ),
    "certificates": st.lists(
        row({"name": ROLE}, issuer=WORDS, number=WORDS, scope=WORDS, valid_until=DAYS), max_size=3
    ),
    "specification": st.lists(row({"name": ROLE, "value": ROLE}), max_size=3),
    "links": st.lists(row({"url": st.just("https://example.org/b")}, title=WORDS, credit=WORDS), max_size=3),
}  # fmt: skip
TWO_FIELDS = {
    "lat": ("place", 0), "lng": ("place", 1), "lead_time_min": ("lead_time", 0), "lead_time_max": ("lead_time", 1),
    "trl_min": ("trl", 0), "trl_max": ("trl", 1), "area_min": ("area", 0), "area_max": ("area", 1),
    "amount_min": ("amount", 0), "amount_max": ("amount", 1),
}  # fmt: skip


@st.composite
def said_in(draw: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """What a listing may say in these fields."""
    drawn: dict[str, Any] = {}
    for name in names:
        whole = TWO_FIELDS.get(name, (name, 0))[0]
        if whole not in drawn:
            drawn[whole] = draw(VALUES[whole])
    return {
        name: drawn[TWO_FIELDS[name][0]][TWO_FIELDS[name][1]] if name in TWO_FIELDS else drawn[name] for name in names
    }


OWN = ("basics", "figures", "sites", "pipeline")
"""Sections that are not the same for every kind."""


def forms() -> Iterator[tuple[Kind, str]]:
    for kind in Kind:
        for section in sections_of(kind):
            if section.name != "media" and (section.name in OWN or kind == Kind.INSTRUMENT):
                yield kind, section.name


@pytest.mark.parametrize(("kind", "name"), list(forms()))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_form_sent_back_untouched_changes_nothing(app: Flask, kind: Kind, name: str, data: st.DataObject) -> None:
    section = next(each for each in sections_of(kind) if each.name == name)
    values = data.draw(said_in(fields_of(section, kind)))
    listing = KINDS[kind](country="SE")
    if values.get("open_until"):  # a day that has passed may stay, but not be chosen
        listing.open_until = date.fromisoformat(values["open_until"])
    with app.test_request_context():
        shown = form_of(name, kind)(listing, values=values, formdata=None)
        page = render_template_string(PAGE, form=shown, listing=listing, section=section)
        sent = form_of(name, kind)(listing, formdata=form_in(page, "/form"))
        assert sent.fields(values) == values
        assert sent.validate(), [problem.message for problem in sent.problems()]
        assert sent.fields(values) == values
