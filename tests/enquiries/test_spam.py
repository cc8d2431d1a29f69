"""Robots and floods: nothing stored for the first, a clear word for honest visitors who get too close."""

import re
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from facilities.db import now
from facilities.enquiries import limits
from facilities.enquiries.limits import network_of
from facilities.enquiries.models import Enquiry
from facilities.enquiries.seal import LONGEST_OPEN, open_seal
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


def test_a_form_opened_long_ago_is_kept_and_can_be_sent_again(visitor: Visitor, catalogue: Catalogue) -> None:
    day = LONGEST_OPEN.total_seconds()
    response = visitor.send(catalogue.microscope, opened=day + 60)
    assert "opened more than a day ago" in errors_on(response)[0]
    assert "Can you image thick sections?" in response.text
    assert 'value="Anna Berg"' in response.text
    assert visitor.count(Enquiry) == 0
    fresh = re.findall(r'name="seal" type="hidden" value="([^"]+)"', response.text)[0]
    opened = open_seal(fresh, visitor.app.config["SECRET_KEY"])
    assert opened is not None
    assert now() - opened.opened_at < timedelta(minutes=1)
    visitor.sent(catalogue.microscope, opened=day - 60)


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


@pytest.mark.parametrize("email", ["anna.berg+b@example.net", "Anna.Berg+@EXAMPLE.net", "anna.berg+c+d@example.net"])
def test_a_tag_does_not_make_another_requester(
    visitor: Visitor, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    monkeypatch.setattr(limits, "MOST_FROM_REQUESTER", 1)
    visitor.sent(catalogue.microscope, email="anna.berg+a@example.net")
    assert "many enquiries today" in errors_on(visitor.send(catalogue.orphan, email=email))[0]
    assert "many enquiries today" in errors_on(visitor.send(catalogue.orphan))[0]


@pytest.mark.parametrize(
    "email", ["anna.bergen@example.net", "annaxberg@example.net", "anna.berg@example.net.se", "+a@b.se"]
)
def test_who_is_called_alike_is_another_requester(
    visitor: Visitor, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    monkeypatch.setattr(limits, "MOST_FROM_REQUESTER", 1)
    visitor.sent(catalogue.microscope)
    visitor.sent(catalogue.orphan, email="+c@b.se")
    visitor.sent(catalogue.service, email=email)


def test_one_network_can_only_send_so_many(
    visitor: Visitor, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_FROM_ADDRESS", "1 per hour")
    visitor.sent(catalogue.microscope, email="a@example.net")
    response = visitor.send(catalogue.orphan, email="b@example.net")
    assert "from your network" in errors_on(response)[0]
    assert visitor.count(Enquiry) == 1


def send_from(visitor: Visitor, address: str, *listings: int, **answers: Any) -> TestResponse:
    visitor.client.environ_base["REMOTE_ADDR"] = address
    return visitor.send(*listings, **answers)


def test_the_addresses_of_one_ipv6_network_count_together(
    visitor: Visitor, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_FROM_ADDRESS", "1 per hour")
    addresses = ["2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1"]
    answers = [send_from(visitor, address, catalogue.microscope, message=address) for address in addresses]
    assert [answer.status_code for answer in answers] == [303, 422, 303]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix:", "unix:"),
    ],
)
def test_a_visitor_is_counted_by_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_looking_at_the_form_and_correcting_it_are_never_limited(
    visitor: Visitor, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_FROM_ADDRESS", "1 per hour")
    visitor.sent(catalogue.microscope)
    assert {visitor.send(catalogue.microscope, name="").status_code for _ in range(3)} == {422}
    codes = {visitor.get(f"/enquiries/new?listing={catalogue.microscope}").status_code for _ in range(5)}
    assert codes == {200}
