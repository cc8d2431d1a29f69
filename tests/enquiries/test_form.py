"""The enquiry form: what it offers, refuses, keeps and stores."""

import re
from datetime import timedelta
from typing import Any

import pytest

from facilities.catalogue.models import Kind
from facilities.db import db, now
from facilities.enquiries.models import Enquiry
from facilities.enquiries.queries import enquiries_of
from facilities.search.index import rebuild
from tests.counting import statements
from tests.enquiry_cast import ANSWERS, Catalogue, Visitor, errors_on
from tests.listings import add
from tests.offers import FUNDING, PREMISES

SOON = (now() + timedelta(days=30)).date().isoformat()
LATER = (now() + timedelta(days=40)).date().isoformat()
PAST = "2020-02-02"
NO_DAY = "write the day as year-month-day, for instance 2027-03-14."


def test_the_form_offers_the_listings_of_its_address(visitor: Visitor, catalogue: Catalogue) -> None:
    page = visitor.get(f"/enquiries/new?listing={catalogue.microscope}&listing={catalogue.orphan}").text
    assert "LSM 880" in page
    assert "Lone balance" in page
    assert "Send to 2 recipients" in page


def test_the_button_names_the_only_facility(visitor: Visitor, catalogue: Catalogue) -> None:
    page = visitor.get(f"/enquiries/new?listing={catalogue.microscope}&listing={catalogue.cytometer}").text
    assert "Send to Light Lab" in page


def test_withdrawn_and_unknown_listings_are_left_out_and_said_so(visitor: Visitor, catalogue: Catalogue) -> None:
    ids = f"listing={catalogue.microscope}&listing={catalogue.withdrawn}&listing=99999"
    page = visitor.get(f"/enquiries/new?{ids}").text
    assert "2 listings are no longer in the catalogue" in page
    assert "Old scope" not in page


def test_only_eight_listings_are_kept(visitor: Visitor, catalogue: Catalogue) -> None:
    ids = "&".join(f"listing={number}" for number in range(1, 11))
    assert "the last 2 were left out" in visitor.get(f"/enquiries/new?{ids}").text


@pytest.mark.parametrize("address", ["", "?listing=99999", "?listing=x&listing=-1"])
def test_a_form_about_nothing_leads_to_the_search(visitor: Visitor, catalogue: Catalogue, address: str) -> None:
    response = visitor.get(f"/enquiries/new{address}")
    assert response.status_code == 200
    assert 'href="/search"' in response.text
    assert "data-enquiry-form" not in response.text


def test_what_is_missing_is_named_beside_the_field_and_above_the_form(visitor: Visitor, catalogue: Catalogue) -> None:
    response = visitor.send(catalogue.microscope, name="", email="", message="")
    assert response.status_code == 422
    assert errors_on(response) == [
        "Your message: write what you would like to know or do.",
        "Your name: enter your name.",
        "Your e-mail address: enter your e-mail address.",
    ]
    wanted = ["Write what you would like to know or do.", "Enter your name.", "Enter your e-mail address."]
    assert all(f"</span>{words}</p>" in response.text for words in wanted)


def test_blanks_are_not_an_answer(visitor: Visitor, catalogue: Catalogue) -> None:
    response = visitor.send(catalogue.microscope, name=" \t", message="\r\n  \u200b\r\n")
    assert errors_on(response) == [
        "Your message: write what you would like to know or do.",
        "Your name: enter your name.",
    ]


def test_a_text_that_is_too_long_is_kept_to_be_shortened(visitor: Visitor, catalogue: Catalogue) -> None:
    response = visitor.send(catalogue.microscope, message="å" * 8001)
    assert errors_on(response) == ["Your message: shorten this to 8000 characters."]
    assert "å" * 8001 in response.text


@pytest.mark.parametrize(
    "email", ["anna", "anna@", "anna@x", "a@b@c.org", "a@b.net, c@d.net", "<anna@b.net>", "=?utf-8?q?a=0aBcc?=@b.net"]
)
def test_an_address_that_is_none_is_refused(visitor: Visitor, catalogue: Catalogue, email: str) -> None:
    response = visitor.send(catalogue.microscope, email=email)
    assert errors_on(response) == ["Your e-mail address: enter an e-mail address like name@university.org."]
    assert visitor.count(Enquiry) == 0


def test_what_was_typed_is_kept_when_something_is_wrong(visitor: Visitor, catalogue: Catalogue) -> None:
    page = visitor.send(
        catalogue.microscope, catalogue.orphan, listing=[catalogue.orphan], kind="quote", samples="12 tubes", email="no"
    ).text
    assert "Can you image thick sections?" in page
    assert "12 tubes" in page
    assert 'value="Anna Berg"' in page
    assert f'value="{catalogue.orphan}" id="listing-{catalogue.orphan}"' in page
    assert page.count(" checked") == 3  # the listing, the kind, who may read what


def test_unticking_every_listing_is_an_error(visitor: Visitor, catalogue: Catalogue) -> None:
    response = visitor.send(catalogue.microscope, listing=[])
    assert errors_on(response) == ["Tick at least one listing to ask about."]
    assert f'<a href="#listing-{catalogue.microscope}">Tick at least one' in response.text


def test_what_is_wrong_with_the_whole_form_leads_to_its_button(visitor: Visitor, catalogue: Catalogue) -> None:
    page = visitor.send(catalogue.microscope, opened=0).text
    assert '<a href="#send">That was too quick' in page
    assert '<button class="btn btn-primary" id="send"' in page


def test_only_ticked_listings_are_asked(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope, catalogue.orphan, listing=[catalogue.orphan])
    assert [recipient.listing_id for recipient in visitor.enquiry(token).recipients] == [catalogue.orphan]


def test_a_booking_keeps_its_dates(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope, kind="booking", first_date=LATER, second_date=SOON, duration="1 day")
    enquiry = visitor.enquiry(token)
    assert enquiry.preferred_dates == [LATER, SOON]
    assert enquiry.duration == "1 day"


def test_a_quote_keeps_samples_deadline_and_budget(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope, kind="quote", samples="12 tubes", deadline_on=SOON, budget="20 000 SEK")
    enquiry = visitor.enquiry(token)
    assert (enquiry.samples, str(enquiry.deadline_on), enquiry.budget) == ("12 tubes", SOON, "20 000 SEK")


def test_training_keeps_the_number_of_people(visitor: Visitor, catalogue: Catalogue) -> None:
    assert visitor.enquiry(visitor.sent(catalogue.microscope, kind="training", participants="4")).participants == 4


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"kind": "booking", "first_date": PAST}, "First choice: choose a day that is still to come."),
        ({"kind": "booking", "first_date": "next week"}, f"First choice: {NO_DAY}"),
        ({"kind": "quote", "deadline_on": PAST}, "Results needed by: choose a day that is still to come."),
        ({"kind": "training", "participants": "0"}, "How many people: enter a number from 1 to 500."),
        ({"kind": "training", "participants": "a few"}, "How many people: enter a number from 1 to 500."),
    ],
)
def test_impossible_days_and_numbers_are_refused(
    visitor: Visitor, catalogue: Catalogue, answers: dict[str, Any], error: str
) -> None:
    assert errors_on(visitor.send(catalogue.microscope, **answers)) == [error]


def test_fields_of_other_kinds_are_neither_checked_nor_kept(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope, first_date=PAST, deadline_on="soon", participants="many", budget="1 EUR")
    enquiry = visitor.enquiry(token)
    assert (enquiry.preferred_dates, enquiry.deadline_on, enquiry.participants, enquiry.budget) == ([], None, None, "")


def test_control_characters_are_dropped(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope, name="Anna\r\nBcc: x\0", message="One\0\r\n\r\nTwo\x07")
    enquiry = visitor.enquiry(token)
    assert enquiry.requester_name == "Anna Bcc: x"
    assert enquiry.question == "One\n\nTwo"


def test_blanks_of_every_kind_stay_blanks(visitor: Visitor, catalogue: Catalogue) -> None:
    enquiry = visitor.enquiry(
        visitor.sent(catalogue.microscope, kind="quote", samples="10\u202f000 cells", budget="20\xa0000 SEK")
    )
    assert (enquiry.samples, enquiry.budget) == ("10 000 cells", "20 000 SEK")


def test_an_international_domain_is_written_plainly(visitor: Visitor, catalogue: Catalogue) -> None:
    enquiry = visitor.enquiry(visitor.sent(catalogue.microscope, email="anna@tvärhav.se"))
    assert enquiry.requester_email == "anna@xn--tvrhav-cua.se"


def test_what_is_stored_is_what_was_sent(visitor: Visitor, catalogue: Catalogue) -> None:
    enquiry = visitor.enquiry(visitor.sent(catalogue.microscope, email="Anna.Berg@EXAMPLE.net"))
    assert enquiry.requester_email == "Anna.Berg@example.net"
    assert enquiry.requester_organisation == "Silverbjörk University"
    assert enquiry.requester_group == "academia"
    assert enquiry.question == "Can you image thick sections?\nWe have forty of them."


def test_the_form_says_what_is_stored_and_for_how_long(visitor: Visitor, catalogue: Catalogue) -> None:
    page = visitor.get(f"/enquiries/new?listing={catalogue.microscope}").text
    assert "What happens to what you write here" in page
    assert "24 months" in page


def test_no_address_of_a_contact_is_in_the_page(visitor: Visitor, catalogue: Catalogue) -> None:
    page = visitor.get(f"/enquiries/new?listing={catalogue.facility}").text
    assert "@example.org" not in page


def test_a_form_without_its_token_is_not_taken(visitor: Visitor, catalogue: Catalogue) -> None:
    response = visitor.client.post("/enquiries/new", data=visitor.form(catalogue.microscope))
    assert response.status_code == 400
    assert visitor.count(Enquiry) == 0


def test_whoever_asked_as_a_company_sees_what_is_open_to_companies_first(
    visitor: Visitor, catalogue: Catalogue
) -> None:
    with visitor.app.app_context():
        for name, group in (("North", "academia"), ("South", "companies")):
            add(Kind.INSTRUMENT, f"Twin balance {name}", access={"groups": [group]})
        rebuild()
    assert first_of(visitor, "twin balance") == "North"
    visitor.sent(catalogue.microscope, group="companies")
    assert first_of(visitor, "twin balance") == "South"
    visitor.sent(catalogue.orphan, group="")
    assert first_of(visitor, "twin balance") == "North"


def first_of(visitor: Visitor, typed: str) -> str:
    """The side of the balance that the results page names first."""
    page = visitor.get(f"/search?q={typed}").text
    return min(("North", "South"), key=lambda side: page.index(f"</mark> {side}<"))


@pytest.fixture
def park(visitor: Visitor) -> dict[str, int]:
    """Offers of a science park, their ids by name."""
    with visitor.app.app_context():
        held_by = add(Kind.ORGANISATION, "Skerry Science Park", contacts=[{"role": "Host", "email": "p@example.org"}])
        offers = {"Third floor": PREMISES, "Seed money": FUNDING, "Board advice": {"offer_kind": "knowledge"}}
        return {name: add(Kind.OFFER, name, parent=held_by, **said).id for name, said in offers.items()}


def kinds_in(page: str) -> list[str]:
    """What can be chosen, or is sent unasked, as the kind of the enquiry."""
    return [re.findall(r'value="(\w+)"', tag)[0] for tag in re.findall(r'<input[^>]*name="kind"[^>]*>', page)]


@pytest.mark.parametrize(
    ("offers", "kinds"),
    [
        (["Third floor"], ["question", "booking"]),
        (["Seed money"], ["question"]),
        (["Board advice", "Third floor"], ["question", "booking"]),
        (["Third floor", "Seed money"], ["question"]),
    ],
)
def test_the_form_about_offers_asks_only_what_fits_them(
    visitor: Visitor, park: dict[str, int], offers: list[str], kinds: list[str]
) -> None:
    page = visitor.get("/enquiries/new?" + "&".join(f"listing={park[name]}" for name in offers)).text
    assert kinds_in(page) == kinds
    assert "Who is to be trained?" not in page and "3 hours a week" not in page
    assert ("Question or application</label>" in page) == (offers == ["Seed money"])


def test_an_offer_beside_an_instrument_leaves_every_kind(
    visitor: Visitor, park: dict[str, int], catalogue: Catalogue
) -> None:
    page = visitor.get(f"/enquiries/new?listing={park['Seed money']}&listing={catalogue.microscope}").text
    assert kinds_in(page) == ["question", "booking", "quote", "training"]


def test_training_on_premises_is_refused_beside_the_question_and_the_words_are_kept(
    visitor: Visitor, park: dict[str, int]
) -> None:
    response = visitor.send(park["Third floor"], kind="training", participants="4", message="May we come by?")
    assert response.status_code == 422
    assert errors_on(response) == ["What do you need: choose what you need of what fits these listings."]
    assert "May we come by?" in response.text


def test_a_time_at_premises_is_called_a_visit(visitor: Visitor, park: dict[str, int], catalogue: Catalogue) -> None:
    visit = visitor.sent(park["Third floor"], kind="booking", first_date=SOON)
    assert "Visit request, sent" in visitor.get(f"/enquiries/{visit}").text
    booking = visitor.sent(catalogue.microscope, kind="booking", first_date=SOON)
    assert "Booking request, sent" in visitor.get(f"/enquiries/{booking}").text
    with visitor.app.app_context():
        assert [str(each.label) for each in enquiries_of(ANSWERS["email"])] == ["Booking request", "Visit request"]
        db.session.rollback()
        with statements() as few:
            assert {str(each.label) for each in enquiries_of(ANSWERS["email"])} == {"Booking request", "Visit request"}
    assert len(few) == 2
