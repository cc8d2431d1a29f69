"""Listing pages: the address, what each kind shows, inherited terms, withdrawn listings, the shortlist."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.actions import withdraw_listing
from facilities.catalogue.models import Status
from facilities.db import db
from tests.catalogue.listing_cast import Cast, shown, words


def test_the_id_decides_and_the_rest_of_the_address_is_put_right(client: FlaskClient, cast: Cast) -> None:
    number, right = cast.instrument.id, cast.instrument.path
    for wrong in (
        f"/instruments/{number}",
        f"/instruments/{number}-other",
        f"/services/{number}-x",
        f"/listings/{number}",
    ):
        answer = client.get(wrong + "?lang=sv")
        assert (answer.status_code, answer.location) == (301, right + "?lang=sv"), wrong


@pytest.mark.parametrize(
    "address", ["/instruments/999", "/listings/999", "/facilities/99999999999999999999-x", "/services/x"]
)
def test_an_unknown_listing_is_not_found_and_offers_a_search(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert 'role="search"' in answer.text


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW, Status.ARCHIVED])
def test_a_listing_that_is_not_public_is_not_found(client: FlaskClient, cast: Cast, status: Status) -> None:
    cast.instrument.status = status
    db.session.commit()
    assert client.get(cast.instrument.path).status_code == 404
    assert client.get(f"/listings/{cast.instrument.id}").status_code == 404
    assert cast.instrument.name not in shown(client, cast.facility)


def test_a_withdrawn_listing_is_gone_with_date_reason_successor_and_neighbours(client: FlaskClient, cast: Cast) -> None:
    cast.instrument.successor = cast.same
    withdraw_listing(cast.instrument, reason="Sold", by="desk", at=datetime(2026, 3, 4, tzinfo=UTC))

    page = shown(client, cast.instrument, status=410)

    assert "4 Mar 2026" in page
    assert "Sold" in page
    assert f'href="{cast.same.path}"' in page
    assert f'href="{cast.service.path}"' in page
    assert client.get(f"/instruments/{cast.instrument.id}-old").status_code == 301


def test_a_successor_that_is_itself_withdrawn_is_not_offered(client: FlaskClient, cast: Cast) -> None:
    cast.instrument.successor = cast.same
    withdraw_listing(cast.same, reason="", by="desk")
    withdraw_listing(cast.instrument, reason="", by="desk")
    assert cast.same.path not in shown(client, cast.instrument, status=410)


def test_an_instrument_shows_maker_specification_place_owner_and_techniques(client: FlaskClient, cast: Cast) -> None:
    page = shown(client, cast.instrument)
    text = words(page)
    for said in (
        "Zeiss LSM 980",
        "Limited availability",
        "Lasers",
        "405, 488 nm",
        "Uppsala",
        "C, C2:10",
        "Quick guide",
    ):
        assert said in text, said
    above = page[page.index("<main") : page.index("<h1")]
    assert above.index(f'href="{cast.university.path}"') < above.index(f'href="{cast.facility.path}"')
    for technique in cast.instrument.techniques:
        assert f"/search?technique={technique.slug}" in page


def test_terms_prices_and_contacts_of_the_facility_hold_for_its_instrument(client: FlaskClient, cast: Cast) -> None:
    text = words(shown(client, cast.instrument))
    assert "Terms as at Lumen Imaging" in text
    assert "Academia, Companies" in text
    assert "Training required, 4 hours" in text
    assert re.search(r"Company with operator|Company start-up fee SEK\s?1,200, with operator", text)
    assert "Valid until 31 Dec 2030." in text
    assert "Facility manager" in text
    assert "Held by Skerry University" in text


def test_own_terms_are_not_called_inherited(client: FlaskClient, cast: Cast) -> None:
    assert "Terms as at" not in shown(client, cast.facility)


def test_the_prices_of_an_organisation_are_not_passed_on(client: FlaskClient, cast: Cast) -> None:
    cast.facility.prices = []
    cast.university.prices = []
    db.session.commit()
    assert "Prices" not in words(shown(client, cast.instrument))


def test_no_page_shows_the_address_of_a_contact(client: FlaskClient, cast: Cast) -> None:
    for listing in (cast.university, cast.facility, cast.instrument, cast.service):
        assert "lumen@" not in shown(client, listing)
        assert "office@" not in shown(client, listing)


def test_a_service_says_what_goes_in_what_comes_out_and_how_long_it_takes(client: FlaskClient, cast: Cast) -> None:
    text = words(shown(client, cast.service))
    for said in ("What you send Raw files", "What you get A report", "5–10 working days", "level 4–8"):
        assert said in text, said


def test_a_facility_lists_its_instruments_and_services(client: FlaskClient, cast: Cast) -> None:
    page = shown(client, cast.facility)
    assert f'href="{cast.instrument.path}"' in page
    assert f'href="{cast.service.path}"' in page
    assert "Limited availability" in page


def test_an_organisation_lists_facilities_services_and_roles_and_not_instruments_of_a_facility(
    client: FlaskClient, cast: Cast
) -> None:
    page = shown(client, cast.university)
    assert f'href="{cast.facility.path}"' in page
    assert f'href="{cast.service.path}"' in page
    assert f'href="{cast.instrument.path}"' not in page
    assert "Research office" in page
    assert "Discovery" in page
    assert "https://ror.org/04tqe8z27" in page


def test_an_instrument_of_an_organisation_without_facility_is_on_its_page(client: FlaskClient, cast: Cast) -> None:
    assert f'href="{cast.same.path}"' in shown(client, cast.competitor)


def test_an_owner_that_is_not_public_is_not_linked(client: FlaskClient, cast: Cast) -> None:
    cast.facility.status = Status.DRAFT
    db.session.commit()
    page = shown(client, cast.instrument)
    assert cast.facility.path not in page.split("<h1")[0]
    assert cast.university.path in page


def test_every_kind_of_page_is_the_same_on_both_databases(app_on: Flask) -> None:
    cast, client = Cast(), app_on.test_client()
    db.session.expunge_all()
    for listing in (cast.university, cast.facility, cast.instrument, cast.service, cast.same):
        assert listing.name in words(shown(client, listing))
    assert cast.same.path in shown(client, cast.instrument)
    withdraw_listing(db.session.merge(cast.service), reason="", by="desk")
    assert cast.instrument.path in shown(client, cast.service, status=410)


def test_the_button_of_the_page_puts_the_listing_on_the_shortlist_and_takes_it_off(
    client: FlaskClient, cast: Cast
) -> None:
    before = shown(client, cast.instrument)
    assert "Add to shortlist" in words(before)
    form = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', before[before.index("how-to-actions") :])
    )
    assert client.post("/enquiries/shortlist", data=form | {"action": "add"}).location == cast.instrument.path
    assert "Remove from shortlist" in words(shown(client, cast.instrument))
    client.post("/enquiries/shortlist", data=form | {"action": "remove"})
    assert "Add to shortlist" in words(shown(client, cast.instrument))
