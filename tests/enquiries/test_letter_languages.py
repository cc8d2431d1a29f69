"""Whoever reads a letter reads it in their own language: the requester in that of the form, owners in theirs."""

import re

import sqlalchemy as sa
from flask import Flask

from facilities.catalogue.models import Listing
from facilities.db import db
from facilities.enquiries.emails import enquiry_letter, receipt_letter
from facilities.enquiries.models import Enquiry
from facilities.enquiries.reading_language import reading_language
from facilities.manage.in_charge import InCharge
from tests.enquiry_cast import Catalogue, enquiry_to
from tests.people import add_user


def from_a_dane(catalogue: Catalogue) -> Enquiry:
    enquiry = enquiry_to(db.session.get_one(Listing, catalogue.facility))
    enquiry.locale = "da"
    db.session.add(enquiry)
    db.session.flush()
    return enquiry


def lang_of(html: str) -> str:
    return re.findall(r'<html lang="(\w+)"', html)[0]


def test_an_owner_reads_the_language_of_the_account_then_of_the_contact_then_of_the_listing(
    app: Flask, catalogue: Catalogue
) -> None:
    with app.app_context():
        (recipient,) = from_a_dane(catalogue).recipients
        assert recipient.contact is not None
        assert reading_language(recipient) == "en"
        recipient.contact.listing.language = "nn"
        assert reading_language(recipient) == "nb"
        recipient.contact.languages = ["fi", "sv", "en"]
        assert reading_language(recipient) == "sv"
        add_user("Dag", email=recipient.email.upper(), locale="da")
        assert reading_language(recipient) == "da"


def test_both_sides_of_an_enquiry_read_their_own_language(app: Flask, catalogue: Catalogue) -> None:
    with app.app_context():
        enquiry = from_a_dane(catalogue)
        assert enquiry.recipients[0].contact is not None
        enquiry.recipients[0].contact.languages = ["sv"]
        to_owner, to_requester = enquiry_letter(enquiry.recipients), receipt_letter(enquiry)
        assert (lang_of(to_owner.words.html), lang_of(to_requester.words.html)) == ("sv", "da")
        assert to_owner.words.subject.startswith("Fråga: ")
        assert to_requester.words.subject.startswith("På vej: ")


def test_who_is_asked_to_confirm_is_asked_in_a_language_that_they_speak(app: Flask, catalogue: Catalogue) -> None:
    with app.app_context():
        listing = db.session.get_one(Listing, catalogue.facility)
        listing.language = "da"
        listing.contacts[0].languages = ["fi", "no"]
        db.session.flush()
        people = InCharge.load(sa.select(Listing.id).where(Listing.id == listing.id)).to_ask(listing.id)
        assert [person.locale for person in people] == ["nb"]
        listing.contacts[0].languages = []
        db.session.flush()
        people = InCharge.load(sa.select(Listing.id).where(Listing.id == listing.id)).to_ask(listing.id)
        assert [person.locale for person in people] == ["da"]
