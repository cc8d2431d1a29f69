"""Every page speaks the visitor's language: that of its address, the one chosen before, or the browser's."""

import re
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from flask_babel import force_locale, gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import NumberRange

from facilities.catalogue.models import Kind
from facilities.catalogue.models.listing import ListingText
from facilities.config import SettingError, load_settings
from facilities.db import db
from facilities.insight.places.towns import path_of, town_at
from facilities.languages import LANGUAGES, read_best
from facilities.search.index import rebuild
from tests.counting import statements
from tests.listings import add


def lang_of(page: str) -> str:
    return re.findall(r'<html lang="(\w+)"', page)[0]


def test_the_address_decides_and_is_remembered(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/sv/search", headers={"Accept-Language": "da"})
    assert (lang_of(page.text), page.headers["Content-Language"]) == ("sv", "sv")
    assert lang_of(client.get("/search", headers={"Accept-Language": "da"}).text) == "sv"
    assert lang_of(client.get("/nb/search").text) == "nb"
    assert lang_of(client.get("/search").text) == "nb"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("sv-FI, en", "sv"),
        ("nn-NO", "nb"),
        ("no", "nb"),
        ("fi, da;q=0.5", "da"),
        ("fi", "en"),
        ("", "en"),
        ("sv;q=0, da", "da"),
    ],
)
def test_a_new_visitor_gets_the_browsers_language(client: FlaskClient, accepted: str, language: str) -> None:
    assert lang_of(client.get("/search", headers={"Accept-Language": accepted}).text) == language


def test_a_cookie_that_names_no_language_is_ignored(client: FlaskClient) -> None:
    client.set_cookie("language", "../../etc")
    assert lang_of(client.get("/search", headers={"Accept-Language": "da"}).text) == "da"


def test_redirects_keep_the_language_of_the_address(app: Flask, client: FlaskClient) -> None:
    listing = add(Kind.INSTRUMENT, "Lathe")
    assert client.get(f"/da/listings/{listing.id}").headers["Location"] == f"/da{listing.path}"
    assert client.get("/da/manage/").headers["Location"].startswith("/da/sign-in")


def test_forms_are_sent_to_addresses_of_any_language(client: FlaskClient) -> None:
    answer = client.post("/sv/enquiries/shortlist", data={"listing": "1"})
    assert lang_of(answer.text) == "sv"
    assert answer.status_code != 404


@pytest.mark.parametrize("path", ["/api/v1/search", "/static/site.css", "/healthz"])
def test_what_programs_read_has_no_language(client: FlaskClient, path: str) -> None:
    assert client.get(f"/sv{path}").status_code == 404
    answer = client.get(path)
    answer.close()
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "Accept-Language" not in answer.headers.get("Vary", "")


def test_errors_of_the_api_are_in_english(client: FlaskClient) -> None:
    client.get("/sv/search")
    english = client.get("/api/v1/listings/987654").json
    assert english == app_answer(client, "en")


def app_answer(client: FlaskClient, language: str) -> object:
    client.get(f"/{language}/search")
    return client.get("/api/v1/listings/987654").json


def test_a_page_says_what_its_language_depends_on(client: FlaskClient) -> None:
    assert {"Accept-Language", "Cookie"} <= set(client.get("/search").vary)


def test_a_page_leads_to_itself_in_the_other_languages(client: FlaskClient) -> None:
    page = client.get("/da/search?q=laser&kind=instrument").text
    site = current_app.config["SITE_URL"]
    for code, name in LANGUAGES.items():
        assert f'<a href="/{code}/search?q=laser&amp;kind=instrument" hreflang="{code}" lang="{code}"' in page
        assert f'hreflang="{code}" href="{site}/{code}/search?q=laser&amp;kind=instrument"' in page
        assert name in page
    assert f'hreflang="x-default" href="{site}/search?q=laser&amp;kind=instrument"' in page


def test_private_pages_are_not_offered_to_search_engines(client: FlaskClient) -> None:
    assert 'rel="alternate" hreflang' not in client.get("/sign-in").text
    assert 'rel="alternate" hreflang' not in client.get("/needs/letters/secret/end").text
    assert 'rel="alternate" hreflang' not in client.get("/no-such-page").text


def test_a_listing_in_a_language_is_canonical_in_it(client: FlaskClient) -> None:
    listing = add(Kind.INSTRUMENT, "Lathe")
    site = current_app.config["SITE_URL"]
    assert f'<link rel="canonical" href="{site}{listing.path}">' in client.get(listing.path).text
    assert f'<link rel="canonical" href="{site}/sv{listing.path}">' in client.get(f"/sv{listing.path}").text


def test_a_map_and_a_town_in_a_language_are_canonical_in_it(client: FlaskClient) -> None:
    add(Kind.ORGANISATION, "Glade Park", city="Uppsala", country="SE", lat=59.86, lng=17.64)
    rebuild()
    site, town = current_app.config["SITE_URL"], town_at("SE", "uppsala")
    assert town is not None
    for path in ("/map", path_of(town)):
        assert f'<link rel="canonical" href="{site}{path}">' in client.get(path).text
        assert f'<link rel="canonical" href="{site}/sv{path}">' in client.get(f"/sv{path}").text


def test_texts_are_read_in_the_closest_language() -> None:
    assert read_best(["en", "nb", "sv"], "sv") == "sv"
    assert read_best(["en", "nb"], "sv") == "nb"
    assert read_best(["de", "sv"], "da") == "sv"
    assert read_best(["de", "en"], "da") == "en"
    assert read_best(["fi", "de"], "da", "de") == "de"
    assert read_best(["fi"], "da") == "fi"
    assert read_best([], "da") == ""


def test_a_listing_in_another_language_says_in_which(app: Flask, client: FlaskClient) -> None:
    listing = add(Kind.INSTRUMENT, "Dreiebenk", language="nb", summary="For metall.")
    page = client.get(f"/sv{listing.path}").text
    with force_locale("sv"):
        said = gettext("What the owner wrote is in %(language)s.", language="norskt bokmål")
    assert said in page
    assert '<h1 lang="nb">' in page
    assert said not in client.get(f"/nb{listing.path}").text


def test_a_visitor_of_a_language_reads_the_neighbours_before_english(client: FlaskClient) -> None:
    listing = add(Kind.INSTRUMENT, "Lathe", language="en", summary="For metal.")
    listing.texts.append(ListingText(language="nb", name="Dreiebenk", summary="For metall.", description=""))
    db.session.commit()
    assert '<h1 lang="nb">Dreiebenk' in client.get(f"/sv{listing.path}").text
    assert '<h1 lang="en">Lathe' in client.get(f"/en{listing.path}").text


def test_lists_show_listings_in_the_closest_language(app: Flask, client: FlaskClient) -> None:
    listing = add(Kind.INSTRUMENT, "Lathe", language="en", summary="For metal.")
    listing.texts.append(ListingText(language="nb", name="Dreiebenk", summary="For metall.", description=""))
    add(Kind.INSTRUMENT, "Svarv", language="sv", summary="För metall.")
    db.session.commit()
    rebuild()
    page = client.get("/sv/search?sort=name").text
    assert f'<a href="{listing.path}" lang="nb">Dreiebenk</a>' in page
    assert '<p class="listing-text" lang="nb">For metall.</p>' in page
    assert '<p class="listing-text">För metall.</p>' in page
    assert '<p class="listing-text">For metal.</p>' in client.get("/en/search").text


def test_lists_cost_the_same_however_many_listings_are_in_other_languages(app: Flask, client: FlaskClient) -> None:
    for number in range(2):
        add(Kind.INSTRUMENT, f"Svarv {number}", language="sv")
    rebuild()
    client.get("/en/search")
    with statements() as two:
        client.get("/en/search")
    for number in range(2, 8):
        add(Kind.INSTRUMENT, f"Svarv {number}", language="sv")
    rebuild()
    client.get("/en/search")
    with statements() as eight:
        client.get("/en/search")
    assert len(two) == len(eight)


class AgeForm(FlaskForm):
    age = IntegerField("Age", [NumberRange(1, 150)])


@pytest.mark.parametrize(("typed", "said"), [("old", "Enter a whole number."), ("151", "Enter %(min)s to %(max)s.")])
def test_built_in_messages_of_forms_are_in_the_language(app: Flask, typed: str, said: str) -> None:
    for language in LANGUAGES:
        with app.test_request_context(method="POST", data={"age": typed}), force_locale(language):
            form = AgeForm(meta={"csrf": False})
            assert not form.validate()
            assert gettext(said, min="1", max="150") in form.errors["age"]


def test_a_passage_of_the_original_does_not_stand_where_a_translation_is_known(app: Flask, client: FlaskClient) -> None:
    listing = add(Kind.INSTRUMENT, "Lathe", language="en", summary="Turning of tungsten.")
    listing.texts.append(ListingText(language="sv", name="Svarv", summary="Svarvning av volfram.", description=""))
    db.session.commit()
    rebuild()
    assert '<p class="listing-text">Svarvning av volfram.</p>' in client.get("/sv/search?q=tungsten").text
    assert "<mark>tungsten</mark>" in client.get("/en/search?q=tungsten").text
    assert "<mark>volfram</mark>" in client.get("/sv/search?q=volfram").text


def test_a_site_cannot_start_in_a_language_that_it_does_not_speak(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="DEFAULT_LOCALE is 'xx': write one of en, sv, nb, da"):
        load_settings({"INSTANCE_PATH": tmp_path, "DEFAULT_LOCALE": "xx"})
