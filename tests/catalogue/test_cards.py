"""What cards in a list show, and what loading them costs."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.card_words import maker_beside, open_to
from facilities.catalogue.confirmation import Freshness, confirmation, overdue_before
from facilities.catalogue.models import Kind, Listing, Status
from facilities.catalogue.queries import published_by_ids
from facilities.db import db
from tests.counting import statements
from tests.listings import add, small_catalogue


def card(app: Flask, listing: Listing, snippet: object = ()) -> str:
    template: Any = app.jinja_env.get_template("components/listing_card.html").module
    with app.test_request_context("/"):
        return str(template.listing_card(listing, snippet))


def test_cards_keep_the_asked_order_and_leave_out_what_is_not_published(app_on: Flask) -> None:
    university, facility, microscope = small_catalogue()
    facility.status = Status.DRAFT
    db.session.commit()
    db.session.expunge_all()

    found = published_by_ids([microscope.id, facility.id, 999_999, university.id])

    assert [listing.id for listing in found] == [microscope.id, university.id]


def test_no_ids_no_statement(app: Flask) -> None:
    with statements() as sent:
        assert published_by_ids([]) == []
    assert sent == []


def test_twenty_cards_are_loaded_by_one_statement_and_printed_without_another(app_on: Flask) -> None:
    _university, facility, microscope = small_catalogue()
    group = add(Kind.FACILITY, "Electron corner", parent=facility)
    ids = [microscope.id, *(add(Kind.SERVICE, f"Staining {n}", parent=group).id for n in range(20))]
    overdue_before()  # Reads the desk's interval, as a process does once a minute.
    db.session.expunge_all()

    with statements() as sent:
        cards = [card(app_on, listing) for listing in published_by_ids(ids)]

    assert len(sent) == 1
    assert all("Uppsala, Sweden" in text for text in cards)
    assert "Electron corner, Skerry University" in cards[-1]
    assert "Academia, companies" in cards[-1]


def test_card_names_the_maker_only_where_the_name_does_not(app: Flask) -> None:
    _university, facility, microscope = small_catalogue()
    sorter = add(Kind.INSTRUMENT, "Cell sorter", parent=facility, manufacturer="BD", model="FACSAria III")

    assert '<span class="listing-model">BD FACSAria III</span>' in card(app, sorter)
    assert '<span class="listing-model"></span>' not in card(app, microscope)


def test_found_words_are_marked_and_markup_in_texts_is_only_text(app: Flask) -> None:
    university, _facility, _microscope = small_catalogue()
    university.name = "<script>alert(1)</script>"

    text = card(app, university, [("a <b> ", False), ("cell", True)])

    assert "a &lt;b&gt; <mark>cell</mark>" in text
    assert "<script>" not in text


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ([], ""),
        (["own_organisation"], "Own organisation only"),
        (["own_organisation", "companies", "academia"], "Academia, companies"),
        (["academia", "healthcare", "companies", "abroad"], "Open to all"),
    ],
)
def test_card_says_in_few_words_who_may_use_it(app: Flask, groups: list[str], words: str) -> None:
    assert open_to(groups) == words


@pytest.mark.parametrize(
    ("name", "model", "words"),
    [
        ("Zeiss LSM 880", "LSM 880", ""),
        ("STEM FEI Titan 80–300", "Titan 80-300", "Zeiss"),
        ("Confocal microscope", "LSM 880", "Zeiss LSM 880"),
    ],
)
def test_maker_and_model_are_compared_without_signs(name: str, model: str, words: str) -> None:
    assert maker_beside(name, "Zeiss", model) == words


def test_confirmation_is_fresh_for_a_year_then_overdue(app: Flask) -> None:
    on = datetime(2026, 9, 14, 12, tzinfo=UTC)

    fresh = confirmation(on, before=overdue_before(datetime(2027, 9, 14, 18, tzinfo=UTC)))
    overdue = confirmation(on, before=overdue_before(datetime(2027, 9, 15, tzinfo=UTC)))

    assert (fresh.state, fresh.text) == (Freshness.FRESH, "Confirmed 14 Sept 2026")
    assert overdue.state == Freshness.OVERDUE
    assert "14 Sept 2026" in overdue.text
    assert confirmation(None).text == "Not confirmed yet"


def test_error_page_offers_a_search(client: FlaskClient) -> None:
    answer = client.get("/no-such-page")

    assert answer.status_code == 404
    assert 'role="search"' in answer.text
