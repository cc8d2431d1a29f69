"""The requester's private page: what was sent, to whom, how far it has come, and nobody else's business."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.db import db, now
from facilities.enquiries.models import Delivery, Enquiry, Recipient, Thread
from facilities.enquiries.queries import enquiry_by_token
from facilities.outbox.worker import work_once
from tests.counting import statements
from tests.enquiry_cast import Catalogue, Visitor, make_due
from tests.post_office import PostOffice


def page(visitor: Visitor, token: str) -> str:
    return str(visitor.get(f"/enquiries/{token}").text)


def test_it_shows_roles_and_listings_but_no_addresses(visitor: Visitor, catalogue: Catalogue) -> None:
    text = page(visitor, visitor.sent(catalogue.microscope, catalogue.service))
    for words in ("LSM 880", "Manager", "Sequencing", "Infrastructure office", "Can you image thick sections?"):
        assert words in text
    assert "@example.org" not in text


def test_each_letter_is_one_line_however_many_listings_it_is_about(visitor: Visitor, catalogue: Catalogue) -> None:
    listings = (catalogue.facility, catalogue.microscope, catalogue.service, catalogue.orphan)
    text = page(visitor, visitor.sent(*listings))
    delivery = text[text.index('id="delivery"') :]
    assert re.findall(r"<h3>([^<]+)</h3>", delivery) == [
        "Manager, Light Lab",
        "Infrastructure office, Tvärhav University",
        "Desk of the catalogue",
        "Your receipt",
    ]
    assert text.count("One letter about 2 listings") == 1


def test_it_is_kept_out_of_search_engines_caches_and_referrers(visitor: Visitor, catalogue: Catalogue) -> None:
    response = visitor.get(f"/enquiries/{visitor.sent(catalogue.microscope)}")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in response.headers["X-Robots-Tag"]


def test_a_wrong_token_finds_nothing(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope)
    assert visitor.get(f"/enquiries/{token[:-1]}").status_code == 404
    assert visitor.get("/enquiries/1").status_code == 404


@pytest.mark.parametrize("address", ["a%00b", "%00" * 43, "%C3%A5" * 43, "a" * 44, "x" * 43 + "%0A"])
def test_an_address_that_no_enquiry_can_have_finds_nothing(app_on_each: Flask, address: str) -> None:
    assert app_on_each.test_client().get(f"/enquiries/{address}").status_code == 404


def test_what_is_no_token_is_not_looked_up(app: Flask) -> None:
    with app.app_context(), statements() as sent:
        assert enquiry_by_token("a\0b") is None
    assert sent == []


def test_it_looks_again_by_itself_only_while_a_letter_is_on_its_way(
    visitor: Visitor, catalogue: Catalogue, post_office: PostOffice
) -> None:
    token = visitor.sent(catalogue.microscope)
    assert 'hx-trigger="every 3s"' in page(visitor, token)
    post_office.to_data = "451 Try again"
    work_once(visitor.app)
    assert 'hx-trigger="every 60s"' in page(visitor, token)
    post_office.to_data = "250 OK"
    make_due(visitor.app)
    work_once(visitor.app)
    settled = page(visitor, token)
    assert "hx-trigger" not in settled
    assert settled.count("Delivered to the mail server") == 2


def test_it_looks_again_less_often_when_a_letter_waits_long(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope)
    with visitor.app.app_context():
        db.session.execute(sa.update(Enquiry).values(created_at=now() - timedelta(minutes=6)))
        db.session.commit()
    assert 'hx-trigger="every 60s"' in page(visitor, token)


def test_a_refused_letter_is_said_so_without_the_servers_words(
    visitor: Visitor, catalogue: Catalogue, post_office: PostOffice
) -> None:
    post_office.to_recipient["light@example.org"] = "550 5.1.1 <light@example.org> unknown"
    token = visitor.sent(catalogue.microscope)
    work_once(visitor.app)
    text = page(visitor, token)
    assert "Could not be delivered" in text
    assert "open the listing to see who else can be reached" in text
    assert "light@example.org" not in text
    assert visitor.enquiry(token).recipients[0].delivery_detail == "550 5.1.1 <light@example.org> unknown"


def test_it_says_that_letters_become_files_when_there_is_no_mail_server(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope)
    assert "written to files on this machine" in page(visitor, token)
    work_once(visitor.app)
    assert page(visitor, token).count("Written to a file") == 2


def test_with_a_mail_server_nothing_is_said_of_files(
    visitor: Visitor, catalogue: Catalogue, post_office: PostOffice
) -> None:
    assert "written to files" not in page(visitor, visitor.sent(catalogue.microscope))


def test_it_outlives_its_listing(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.orphan)
    with visitor.app.app_context():
        db.session.execute(sa.update(Thread).values(listing_id=None))
        db.session.execute(sa.update(Recipient).values(delivery=Delivery.SENT))
        db.session.commit()
    text = page(visitor, token)
    assert "Lone balance" in text
    assert "/instruments/" not in text


def test_what_was_typed_is_text_and_nothing_more(visitor: Visitor, catalogue: Catalogue) -> None:
    text = page(visitor, visitor.sent(catalogue.microscope, name="<b>Anna</b>", message="<script>alert(1)</script>"))
    assert "<script>alert" not in text
    assert "&lt;b&gt;Anna" in text


def test_tokens_cannot_be_guessed(visitor: Visitor, catalogue: Catalogue) -> None:
    visitor.sent(catalogue.microscope)
    visitor.sent(catalogue.orphan)
    with visitor.app.app_context():
        tokens = list(db.session.scalars(sa.select(Enquiry.token)))
    assert len(set(tokens)) == 2
    assert all(re.fullmatch(r"[\w-]{43}", token) for token in tokens)
