"""Owners add offers, are asked for what belongs to their kind, and bring those back that ended."""

import re
from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.accounts.models import SiteRole
from facilities.catalogue.models import Kind, Listing
from facilities.db import db, now
from facilities.formats import site_today
from facilities.manage import exporting
from facilities.manage.importing.findings import findings_of
from facilities.manage.labels import in_words
from facilities.search import index as indexing
from search_index import Query
from tests.listings import add, small_catalogue
from tests.manage.forms import Editor, form_in
from tests.manage.importing import checked
from tests.manage.owner_pages import anew
from tests.offers import COMPANY, FUNDING, PREMISES
from tests.people import add_user


@pytest.fixture
def university(app: Flask) -> Listing:
    return small_catalogue()[0]


@pytest.fixture
def manager(app: Flask, university: Listing) -> Editor:
    return Editor(app, add_user("Maria Manager", manager_of=university))


def basics(listing: Listing) -> str:
    return f"/manage/listings/{listing.id}/edit/basics"


def test_the_form_asks_for_what_the_kind_of_offer_has(manager: Editor, university: Listing) -> None:
    premises = manager.open(basics(add(Kind.OFFER, "Third floor", parent=university, **PREMISES)))
    funding = manager.open(basics(add(Kind.OFFER, "Fund", parent=university, **FUNDING)))
    advice = manager.open(basics(add(Kind.OFFER, "Advice", parent=university, offer_kind="knowledge")))
    assert {"area_min", "room_classes", "free_from"} <= set(premises)
    assert "amount_min" not in premises
    assert {"amount_min", "currency", "stages"} <= set(funding)
    assert "area_min" not in funding
    assert not {"amount_min", "area_min"} & set(advice)
    assert "open_until" in advice


def test_another_kind_shows_its_fields_before_anything_is_saved(manager: Editor, university: Listing) -> None:
    offer = add(Kind.OFFER, "Third floor", parent=university, **PREMISES)
    form = manager.open(basics(offer))
    shown = manager.send(basics(offer), form, offer_kind="funding", name="Seed fund", change="offer_kind:show")
    assert shown.status_code == 200
    assert "amount_min" in form_in(shown.text, basics(offer))
    saved_too_soon = manager.send(basics(offer), form, offer_kind="funding", name="Seed fund")
    assert saved_too_soon.status_code == 422
    assert "fill in what belongs to this kind" in saved_too_soon.text
    again = form_in(saved_too_soon.text, basics(offer))
    assert again["name"] == "Seed fund"
    answer = manager.send(basics(offer), again, amount_min="1 000", amount_max="5000", currency="sek")
    assert answer.status_code == 303
    offer = anew(offer)
    assert (offer.offer_kind, offer.amount_min, offer.amount_max, offer.currency) == ("funding", 1000, 5000, "SEK")
    assert (offer.area_min, offer.premises, offer.room_classes, offer.free_from) == (None, [], [], None)


def test_advice_becomes_a_call_for_partners_at_once(manager: Editor, university: Listing) -> None:
    offer = add(Kind.OFFER, "Sepsis", parent=university, offer_kind="knowledge")
    assert manager.save(basics(offer), offer_kind="partners").status_code == 303
    assert anew(offer).offer_kind == "partners"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"area_min": "900"}, "area_max"),
        ({"area_min": ""}, "area_max"),
        ({"area_max": "large"}, "area_max"),
        ({"open_until": "soon"}, "open_until"),
        ({"free_from": "2027-13-01"}, "free_from"),
    ],
)
def test_a_mistake_is_told_beside_its_field(
    manager: Editor, university: Listing, typed: dict[str, str], field: str
) -> None:
    offer = add(Kind.OFFER, "Third floor", parent=university, **PREMISES)
    answer = manager.save(basics(offer), **typed)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert form_in(answer.text, basics(offer))["name"] == "Third floor"


def test_an_amount_needs_its_currency(manager: Editor, university: Listing) -> None:
    offer = add(Kind.OFFER, "Fund", parent=university, **FUNDING)
    assert 'id="currency-error"' in manager.save(basics(offer), currency="").text
    assert 'id="currency-error"' in manager.save(basics(offer), currency="kr").text


def test_a_new_offer_names_its_kind(manager: Editor, university: Listing) -> None:
    path = f"/manage/listings/new?kind=offer&parent={university.id}"
    assert manager.save(path, name="Rooms", offer_kind="premises").status_code == 303
    made = db.session.query(Listing).filter_by(name="Rooms").one()
    assert "area_min" in manager.open(basics(made))


def test_an_ended_offer_is_marked_and_a_new_day_brings_it_back(manager: Editor, university: Listing) -> None:
    over = add(Kind.OFFER, "Zymurgy course", parent=university, offer_kind="education", open_until="2020-01-01")
    add(Kind.OFFER, "Advice", parent=university, offer_kind="knowledge")
    indexing.rebuild()
    assert indexing.index().search(Query("zymurgy")).ids == []
    page = manager.client.get("/manage/listings?needs=ended").text
    assert "Ended on 1 Jan 2020" in page
    assert "Zymurgy course" in page
    assert "Advice" not in page
    manager.save(basics(over), open_until="2040-01-01")
    assert indexing.index().search(Query("zymurgy")).ids == [over.id]
    assert "Zymurgy" not in manager.client.get("/manage/listings?needs=ended").text


def test_an_offer_is_not_closed_by_a_slip_of_its_last_day(manager: Editor, university: Listing) -> None:
    today = site_today()
    offer = add(Kind.OFFER, "Third floor", parent=university, **PREMISES)
    refused = manager.save(basics(offer), open_until=(today - timedelta(days=1)).isoformat())
    assert refused.status_code == 422
    assert re.search(r'id="open_until-error".*?Choose a day that is still to come', refused.text, re.DOTALL)
    assert manager.save(basics(offer), open_until=today.isoformat()).status_code == 303
    over = add(Kind.OFFER, "Course", parent=university, offer_kind="education", open_until="2020-01-01")
    assert manager.save(basics(over), name="Summer course").status_code == 303
    assert (anew(over).name, anew(over).open_until.isoformat()) == ("Summer course", "2020-01-01")


def section(listing: Listing, name: str) -> str:
    return f"/manage/listings/{listing.id}/edit/{name}"


def test_figures_need_a_possible_year_and_a_currency(manager: Editor, university: Listing) -> None:
    path = section(university, "figures")
    wrong = manager.save(path, employees="12", employees_year="12", turnover="5000", turnover_currency="")
    assert wrong.status_code == 422
    for field in ("employees_year", "turnover_currency"):
        assert f'id="{field}-error"' in wrong.text
    manager.save(path, employees="12", employees_year="2025", turnover="214 000 000 000", turnover_currency="sek")
    said = anew(university)
    assert (said.employees, said.employees_year, said.turnover) == (12, 2025, 214_000_000_000)
    assert said.turnover_currency == "SEK"


def test_sites_and_projects_are_rows(manager: Editor, university: Listing) -> None:
    manager.save(section(university, "sites"), sites__0__city="Oslo", sites__0__country="NO", sites__0__name="Office")
    manager.save(section(university, "pipeline"), pipeline__0__name="NB-1", pipeline__0__phase="phase_1")
    said = anew(university)
    assert [(site.name, site.city, site.country) for site in said.sites] == [("Office", "Oslo", "NO")]
    assert [(project.name, project.phase) for project in said.pipeline] == [("NB-1", "phase_1")]
    half = manager.save(section(university, "sites"), sites__0__lat="59.9")
    assert (half.status_code, 'id="sites-0-lng-error"' in half.text) == (422, True)
    assert manager.save(section(university, "sites"), sites__0__city="").status_code == 422


def test_each_site_is_looked_up_without_a_script(manager: Editor, university: Listing) -> None:
    path = section(university, "sites")
    manager.save(path, sites__0__city="Oslo", sites__0__country="NO")
    fields = form_in(manager.client.get(path).text, path)
    fields["sites-1-place_q"] = "Tykistökatu 6, 20520 Åbo, Finland"
    fields["change"] = "sites:look_up:1"
    fields["sites-1-city"] = ""
    page = manager.client.post(path, data=fields).text
    values = dict(re.findall(r'name="sites-1-(\w+)"[^>]*value="([^"]*)"', page))
    assert (unescape(values["address"]), unescape(values["city"])) == ("Tykistökatu 6", "Åbo")
    assert (values["lat"], values["lng"]) == ("60.451", "22.269")
    assert page.count("These are the coordinates of the town") == 1
    assert 'name="sites-0-city" value="Oslo"' in re.sub(r' (id|class|type|maxlength|required)(="[^"]*")?', "", page)
    assert [site.city for site in anew(university).sites] == ["Oslo"]


@pytest.mark.parametrize("field", ["employees_year", "turnover_year"])
def test_figures_of_a_year_to_come_are_refused_beside_the_field(
    manager: Editor, university: Listing, field: str
) -> None:
    path, this_year = section(university, "figures"), now().year
    wrong = manager.save(path, **{field: str(this_year + 1)})
    assert wrong.status_code == 422
    says = rf'id="{field}-error".*?Write a whole number from 1900 to {this_year}'
    assert re.search(says, wrong.text, re.DOTALL)
    assert f'value="{this_year + 1}"' in wrong.text
    assert manager.save(path, **{field: str(this_year)}).status_code == 303
    assert getattr(anew(university), field) == this_year


def test_only_organisations_have_figures_sites_and_projects(manager: Editor, university: Listing) -> None:
    offer = add(Kind.OFFER, "Advice", parent=university, offer_kind="knowledge")
    for name in ("figures", "sites", "pipeline"):
        assert manager.client.get(section(offer, name)).status_code == 404


def test_the_history_says_words_and_not_their_codes(app: Flask) -> None:
    with app.test_request_context():
        assert in_words("room_classes", "bsl_2") == "Biosafety level 2"
        assert in_words("specialties", COMPANY["specialties"][1]) == "Advanced therapies"
        assert in_words("free_from", "2027-03-01") == "1 March 2027"


def test_a_spreadsheet_of_offers_and_companies_comes_back_without_a_change(app: Flask, university: Listing) -> None:
    add(Kind.OFFER, "Third floor", parent=university, **PREMISES)
    add(Kind.OFFER, "Fund", parent=university, **FUNDING)
    add(Kind.ORGANISATION, "Norrsund", parent=university, **COMPANY)
    desk = add_user("Desk", site_role=SiteRole.MODERATOR)
    data = b"".join(exporting.listings_csv(sa.select(Listing.id)))
    run = checked(university, desk, data, name="export.csv")
    assert (run.created, run.updated, run.rejected) == (0, 0, 0), list(findings_of(run.id, "problems"))
    assert run.unchanged == 6


def test_uniquip_leaves_offers_out(app: Flask, university: Listing) -> None:
    add(Kind.OFFER, "Third floor", parent=university, **PREMISES)
    rows = b"".join(exporting.uniquip_csv(sa.select(Listing.id))).decode()
    assert "Zeiss LSM 880" in rows
    assert "Third floor" not in rows
