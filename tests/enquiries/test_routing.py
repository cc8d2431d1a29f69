"""Who receives an enquiry: the listing's contacts, else its facility's, else its organisation's, else the desk."""

from datetime import date

import pytest
from flask import Flask

from facilities.catalogue.models import Contact, Facility, Instrument, Listing, Organisation, Status
from facilities.db import now
from facilities.enquiries.models import EnquiryKind, Route
from facilities.enquiries.routing import MOST_RECEIVERS, Asked, receivers


@pytest.fixture
def chain() -> tuple[Instrument, Facility, Organisation]:
    """An instrument in a facility of an organisation; nobody has a contact yet."""
    organisation = Organisation(name="University", status=Status.PUBLISHED, kind="organisation")
    facility = Facility(name="Lab", status=Status.PUBLISHED, parent=organisation, organisation=organisation)
    instrument = Instrument(name="Scope", status=Status.PUBLISHED, parent=facility, organisation=organisation)
    return instrument, facility, organisation


def contact(mailbox: str, *kinds: EnquiryKind) -> Contact:
    return Contact(role=mailbox.title(), email=f"{mailbox}@example.org", enquiry_kinds=list(kinds))


def routed(app: Flask, listing: Listing, kind: EnquiryKind = EnquiryKind.QUESTION) -> list[tuple[str, Route]]:
    asked = Asked(kind, date(2027, 3, 1))
    with app.test_request_context():
        return [(who.email, who.route) for who in receivers(listing, asked, desk_email="desk@example.org")]


Chain = tuple[Instrument, Facility, Organisation]


def test_the_listings_own_contacts_come_first(app: Flask, chain: Chain) -> None:
    instrument, facility, _ = chain
    instrument.contacts, facility.contacts = [contact("operator"), contact("deputy")], [contact("manager")]
    assert routed(app, instrument) == [
        ("operator@example.org", Route.LISTING),
        ("deputy@example.org", Route.LISTING),
    ]


def test_without_own_contacts_the_facility_receives(app: Flask, chain: Chain) -> None:
    instrument, facility, organisation = chain
    facility.contacts, organisation.contacts = [contact("manager")], [contact("office")]
    assert routed(app, instrument) == [("manager@example.org", Route.FACILITY)]


def test_contacts_that_do_not_take_the_kind_are_passed_over(app: Flask, chain: Chain) -> None:
    instrument, facility, organisation = chain
    instrument.contacts = [contact("trainer", EnquiryKind.TRAINING)]
    facility.contacts = [contact("prices", EnquiryKind.QUOTE)]
    organisation.contacts = [contact("office")]
    assert routed(app, instrument, EnquiryKind.TRAINING) == [("trainer@example.org", Route.LISTING)]
    assert routed(app, instrument, EnquiryKind.QUOTE) == [("prices@example.org", Route.FACILITY)]
    assert routed(app, instrument, EnquiryKind.QUESTION) == [("office@example.org", Route.ORGANISATION)]


def test_with_nobody_in_charge_the_desk_receives(app: Flask, chain: Chain) -> None:
    assert routed(app, chain[0]) == [("desk@example.org", Route.DESK)]


def test_an_organisations_own_contact_is_the_listings_contact(app: Flask, chain: Chain) -> None:
    chain[2].contacts = [contact("office")]
    assert routed(app, chain[2]) == [("office@example.org", Route.LISTING)]


def test_a_withdrawn_facility_receives_nothing(app: Flask, chain: Chain) -> None:
    instrument, facility, organisation = chain
    facility.contacts, organisation.contacts = [contact("manager")], [contact("office")]
    facility.status, facility.withdrawn_at = Status.WITHDRAWN, now()
    assert routed(app, instrument) == [("office@example.org", Route.ORGANISATION)]


def test_the_organisation_receives_although_the_listing_hangs_below_nothing(app: Flask, chain: Chain) -> None:
    instrument, _, organisation = chain
    instrument.parent, organisation.contacts = None, [contact("office")]
    assert routed(app, instrument) == [("office@example.org", Route.ORGANISATION)]


def test_one_mailbox_receives_once_however_it_is_written(app: Flask, chain: Chain) -> None:
    instrument = chain[0]
    instrument.contacts = [contact("operator"), Contact(role="Again", email="OPERATOR@example.org", enquiry_kinds=[])]
    assert routed(app, instrument) == [("operator@example.org", Route.LISTING)]


def test_one_listing_never_reaches_more_than_twenty_mailboxes(app: Flask, chain: Chain) -> None:
    instrument = chain[0]
    instrument.contacts = [contact(f"operator{number}") for number in range(30)]
    first = [(f"operator{number}@example.org", Route.LISTING) for number in range(MOST_RECEIVERS)]
    assert routed(app, instrument) == first
    assert len(first) == 20


def test_a_mailbox_named_again_and_again_takes_nobodys_place(app: Flask, chain: Chain) -> None:
    instrument = chain[0]
    instrument.contacts = [*(contact("operator") for _ in range(30)), contact("deputy")]
    assert [email for email, _ in routed(app, instrument)] == ["operator@example.org", "deputy@example.org"]
