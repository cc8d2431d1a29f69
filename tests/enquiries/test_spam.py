"""Robots and floods: nothing stored for the first, a clear word for honest visitors who get too close."""

import pytest

from facilities.enquiries import limits
from facilities.enquiries.models import Enquiry
from facilities.outbox.models import Job
from tests.enquiry_cast import Catalogue, Visitor, errors_on


def test_a_robot_gets_the_polite_page_and_nothing_is_stored(visitor: Visitor, catalogue: Catalogue) -> None:
    response = visitor.send(catalogue.microscope, website="https://spam.example.com")
    assert response.status_code == 200
    assert "Your enquiry" in response.text
    assert "Can you image thick sections?" in response.text
    assert (visitor.count(Enquiry), visitor.count(Job)) == (0, 0)


def test_people_neither_see_nor_reach_the_trap(visitor: Visitor, catalogue: Catalogue) -> None:
    page = visitor.get(f"/enquiries/new?listing={catalogue.microscope}").text
    trap = page[page.index("enquiry-trap") :][:400]
    assert 'aria-hidden="true"' in trap
    assert 'tabindex="-1"' in trap
    assert 'autocomplete="off"' in trap


def test_a_form_sent_too_quickly_is_kept_and_can_be_sent_again(visitor: Visitor, catalogue: Catalogue) -> None:
    response = visitor.send(catalogue.microscope, opened=1)
    assert "too quick to tell you from a robot" in errors_on(response)[0]
    assert "Can you image thick sections?" in response.text
    assert visitor.count(Enquiry) == 0
    visitor.sent(catalogue.microscope, opened=4)


@pytest.mark.parametrize("seal", ["", "made up", "W10.x"])
def test_a_form_that_we_did_not_make_gets_a_new_seal(visitor: Visitor, catalogue: Catalogue, seal: str) -> None:
    response = visitor.send(catalogue.microscope, seal=seal)
    assert response.status_code == 422
    assert "Send it again" in errors_on(response)[0]
    assert 'name="seal" type="hidden" value="W' in response.text


def test_a_requester_can_only_send_so_many_a_day(
    visitor: Visitor, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_FROM_REQUESTER", 2)
    visitor.sent(catalogue.microscope)
    visitor.sent(catalogue.orphan)
    response = visitor.send(catalogue.service, email="ANNA.BERG@example.net")
    assert "many enquiries today" in errors_on(response)[0]
    assert "Can you image thick sections?" in response.text
    visitor.sent(catalogue.service, email="bo@example.net")


def test_a_listing_can_only_receive_so_many_an_hour(
    visitor: Visitor, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_TO_LISTING", 2)
    visitor.sent(catalogue.microscope, email="a@example.net")
    visitor.sent(catalogue.microscope, email="b@example.net")
    response = visitor.send(catalogue.microscope, catalogue.orphan, email="c@example.net")
    assert "One of the listings has received very many" in errors_on(response)[0]
    visitor.sent(catalogue.orphan, email="c@example.net")


def test_one_network_can_only_send_so_many(
    visitor: Visitor, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_FROM_ADDRESS", "1 per hour")
    visitor.sent(catalogue.microscope, email="a@example.net")
    response = visitor.send(catalogue.orphan, email="b@example.net")
    assert "from your network" in errors_on(response)[0]
    assert visitor.count(Enquiry) == 1


def test_looking_at_the_form_and_correcting_it_are_never_limited(
    visitor: Visitor, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_FROM_ADDRESS", "1 per hour")
    visitor.sent(catalogue.microscope)
    assert {visitor.send(catalogue.microscope, name="").status_code for _ in range(3)} == {422}
    codes = {visitor.get(f"/enquiries/new?listing={catalogue.microscope}").status_code for _ in range(5)}
    assert codes == {200}
