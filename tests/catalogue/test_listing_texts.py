"""What a listing page says and how: facts, languages, the text, the citation, nothing empty."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.models import Kind, Source, SourceRecord
from facilities.db import db
from tests.catalogue.listing_cast import Cast, shown, words
from tests.listings import add


@pytest.mark.parametrize(
    ("kind", "facts", "line"),
    [
        (Kind.ORGANISATION, {"established": 1982}, "Established: 1982"),
        (Kind.FACILITY, {"other_names": ["The Lamp"]}, "Also known as: The Lamp"),
        (Kind.SERVICE, {"specification": [{"name": "Batch", "value": "96 wells"}]}, "Batch: 96 wells"),
    ],
)
def test_a_single_fact_stands_in_the_title_and_not_under_a_heading(
    client: FlaskClient, kind: Kind, facts: dict[str, Any], line: str
) -> None:
    page = shown(client, add(kind, "Alone", **facts))
    assert line in words(page)
    assert page.index(line) < page.index("listing-columns")
    assert "In brief" not in page


def test_two_facts_stand_under_a_heading(client: FlaskClient, app: Flask) -> None:
    text = words(shown(client, add(Kind.FACILITY, "Two", established=1982, other_names=["The Lamp"])))
    assert "In brief Established 1982 Also known as The Lamp" in text


def test_a_service_by_mail_alone_does_not_say_that_no_training_is_needed(client: FlaskClient, app: Flask) -> None:
    def says(kind: Kind, modes: list[str]) -> bool:
        listing = add(kind, "Reading", access={"groups": ["academia"], "modes": modes, "training": "none"})
        return "No training needed" in words(shown(client, listing))

    assert not says(Kind.SERVICE, ["mail_in"])
    assert says(Kind.SERVICE, ["mail_in", "physical"])
    assert says(Kind.FACILITY, ["mail_in"])


def test_keywords_alone_are_called_keywords(client: FlaskClient, app: Flask) -> None:
    text = words(shown(client, add(Kind.FACILITY, "Tagged", keywords=["lamps", "light"])))
    assert "Keywords lamps, light" in text
    assert "Subjects" not in text


def test_the_switch_of_languages_says_that_it_is_about_the_text(client: FlaskClient, cast: Cast) -> None:
    assert "Text in: English Svenska" in words(shown(client, cast.instrument))
    assert "Text in:" not in words(shown(client, cast.facility))


def test_the_enquiry_comes_before_the_terms(client: FlaskClient, cast: Cast) -> None:
    text = words(shown(client, cast.instrument))
    assert text.index("How to use it") < text.index("Send an enquiry") < text.index("Who may use it")


def test_description_is_escaped_and_its_addresses_are_links(client: FlaskClient, cast: Cast) -> None:
    page = shown(client, cast.instrument)
    assert '<p>First.</p>\n<p>See <a href="https://example.org/manual" rel="nofollow noopener">' in page
    assert "or &lt;ask&gt;." in page


def test_the_visitor_reads_the_language_asked_for(client: FlaskClient, cast: Cast) -> None:
    page = shown(client, cast.instrument, "?lang=sv")
    assert '<h1 lang="sv">Konfokalmikroskop' in page
    assert '<div class="prose" lang="sv"><p>För levande celler.</p></div>' in page
    assert 'href="?lang=en" hreflang="en"' in page


def test_the_visitors_own_language_comes_first_when_the_listing_has_it(client: FlaskClient, cast: Cast) -> None:
    def name(accepted: str) -> str:
        answer = client.get(cast.instrument.path, headers={"Accept-Language": accepted})
        assert "Accept-Language" in answer.headers["Vary"]
        return answer.text

    assert '<h1 lang="sv">' in name("sv-SE,sv;q=0.9,en;q=0.5")
    assert '<h1 lang="en">' in name("fi,de;q=0.5")
    assert '<h1 lang="en">' in name("")


def test_an_unknown_language_shows_the_original(client: FlaskClient, cast: Cast) -> None:
    assert '<h1 lang="en">' in shown(client, cast.instrument, "?lang=xx")


def test_the_page_can_be_cited_previewed_and_found_again(client: FlaskClient, cast: Cast) -> None:
    page = shown(client, cast.instrument)
    address = f"http://catalogue.test{cast.instrument.path}"
    year = cast.instrument.updated_at.year
    work = f"Skerry University, Lumen Imaging ({year}). Confocal microscope (Zeiss LSM 980) [Instrument]"
    assert f"{work}. Open Bench. {address}" in words(page)
    assert f'<link rel="canonical" href="{address}">' in page
    assert '<meta property="og:title" content="Confocal microscope">' in page
    assert '<meta name="twitter:card"' in page


def test_an_imported_record_names_its_source_and_licence(client: FlaskClient, cast: Cast) -> None:
    db.session.add(Source(name="register", title="Asset register", url="https://example.org/register"))
    db.session.flush()
    record = SourceRecord(source="register", source_id="A-17", licence="CC0-1.0", listing_id=cast.instrument.id)
    db.session.add(record)
    db.session.commit()
    assert "Asset register · A-17 · licence CC0-1.0" in words(shown(client, cast.instrument))


@pytest.mark.parametrize("kind", list(Kind))
def test_a_bare_listing_shows_no_empty_heading(client: FlaskClient, app: Flask, kind: Kind) -> None:
    bare = add(kind, "Bare")
    page = shown(client, bare)
    headings = re.findall(r"<h2[^>]*>([^<]*)", page)
    how = {Kind.ORGANISATION: "How to reach it", Kind.OFFER: "How to get it"}.get(kind, "How to use it")
    assert headings == [how, "About this listing"]
    assert "the catalogue's desk passes your enquiry on" in words(page)
