"""Who receives enquiries: the dry run of owners, leave entered in one step, and contacts that survive an exchange."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.api.listing import shown_record
from facilities.catalogue import content
from facilities.catalogue.actions import update_listing
from facilities.catalogue.history import content_at
from facilities.catalogue.models import Contact, Listing, Review
from facilities.db import db, now
from facilities.exchange.records.exporting import record_of
from facilities.exchange.records.importing import Importer
from facilities.exchange.records.reading import validated
from facilities.manage.exporting import row_of
from tests.counting import statements
from tests.manage.owner_pages import Cast, anew, owner_pages
from tests.people import add_user

MANAGER = {"role": "Manager", "email": "maja@example.org", "deputy_name": "Disa", "deputy_email": "disa@example.org"}
INDUSTRY = {
    "role": "Industry desk", "email": "industry@example.org", "groups": ["companies"], "enquiry_kinds": ["quote"],
    "languages": ["nb"],
}  # fmt: skip


@pytest.fixture
def contacts(catalogue: Cast) -> list[Contact]:
    update_listing(catalogue[1], {"contacts": [MANAGER, INDUSTRY]}, by="test")
    return list(catalogue[1].contacts)


def page(catalogue: Cast, place: int, query: str = "") -> str:
    return f"/manage/listings/{catalogue[place].id}/routing{query}"


def leave(contact: Contact, **typed: str) -> dict[str, str]:
    fields = {"away_from": "", "away_until": ""} | typed
    return {"contact": str(contact.id)} | {f"contact-{contact.id}-{name}": said for name, said in fields.items()}


def imported(record: dict[str, object]) -> Listing:
    """The listing that an import of this record makes or changes."""
    row = validated(1, record)
    outcome = Importer(db.session, source="elsewhere", by="test").run([row])
    db.session.commit()
    assert not outcome.problems
    (listing_id,) = outcome.changed
    return db.session.get_one(Listing, listing_id)


def test_an_owner_sees_who_would_receive_a_quote_request_from_a_company_in_norwegian(
    pages: FlaskClient, catalogue: Cast, contacts: list[Contact]
) -> None:
    shown = pages.get(page(catalogue, 2, "?kind=quote&group=companies&language=nb")).text
    assert "industry@example.org" in shown
    assert "In charge of: Quote request, Companies, Norwegian Bokmål." in shown
    assert "Zeiss LSM 880 has no contacts of its own." in shown
    assert "Manager of Lumen Imaging leaves this user group to a colleague." in shown


def test_the_dry_run_looks_at_the_day(pages: FlaskClient, catalogue: Cast, contacts: list[Contact]) -> None:
    pages.post(page(catalogue, 1), data=leave(contacts[0], away_from="2027-03-01", away_until="2027-03-05"))
    assert "Deputy of Manager, who is away until 5 March 2027." in pages.get(page(catalogue, 1, "?on=2027-03-05")).text
    assert "Deputy of Manager" not in pages.get(page(catalogue, 1, "?on=2027-03-06")).text


def test_a_day_that_is_none_is_said_beside_the_field(pages: FlaskClient, catalogue: Cast) -> None:
    answer = pages.get(page(catalogue, 1, "?on=soon&kind=quote"))
    assert answer.status_code == 422
    assert "Write the day as year-month-day" in answer.text
    assert 'value="soon"' in answer.text


def test_leave_holds_at_once_even_where_the_desk_accepts_changes(app: Flask, catalogue: Cast) -> None:
    catalogue[0].review = Review.DESK
    update_listing(catalogue[1], {"contacts": [MANAGER]}, by="test")
    editor = owner_pages(app, add_user("Eddie Editor", editor_of=catalogue[1]))
    today = now().date().isoformat()
    answer = editor.post(page(catalogue, 1), data=leave(catalogue[1].contacts[0], away_from=today, left="y"))
    assert answer.status_code == 303
    assert content.read(anew(catalogue[1]), ("contacts",))["contacts"] == [MANAGER | {"away_from": today, "left": True}]
    assert content_at(anew(catalogue[1]), anew(catalogue[1]).version)["contacts"][0]["away_from"] == today


def test_leave_that_ends_before_it_begins_is_put_right_with_what_was_typed(
    pages: FlaskClient, catalogue: Cast, contacts: list[Contact]
) -> None:
    typed = leave(contacts[0], away_from="2027-03-05", away_until="2027-03-01")
    answer = pages.post(page(catalogue, 1), data=typed)
    assert answer.status_code == 422
    assert "Choose the first day or a later one." in answer.text
    assert 'value="2027-03-01"' in answer.text
    assert anew(catalogue[1]).contacts[0].away_from is None


def test_an_address_that_works_again_receives_again(
    pages: FlaskClient, catalogue: Cast, contacts: list[Contact]
) -> None:
    contacts[1].bounced_at, contacts[1].bounce_words = now(), "550 no such user"
    db.session.commit()
    assert "550 no such user" in pages.get(page(catalogue, 1)).text
    pages.post(page(catalogue, 1), data=leave(contacts[1], works="y"))
    assert anew(catalogue[1]).contacts[1].bounced_at is None


def test_another_address_has_not_come_back(catalogue: Cast, contacts: list[Contact]) -> None:
    contacts[1].bounced_at = now()
    db.session.commit()
    update_listing(catalogue[1], {"contacts": [MANAGER | {"role": "Head"}, INDUSTRY]}, by="test")
    assert anew(catalogue[1]).contacts[1].bounced_at is not None
    update_listing(catalogue[1], {"contacts": [MANAGER, INDUSTRY | {"email": "sales@example.org"}]}, by="test")
    assert anew(catalogue[1]).contacts[1].bounced_at is None


def test_a_contact_changed_meanwhile_is_not_somebody_else(
    pages: FlaskClient, catalogue: Cast, contacts: list[Contact]
) -> None:
    gone = leave(contacts[1], left="y")
    update_listing(catalogue[1], {"contacts": [MANAGER]}, by="test")
    assert "look again" in pages.post(page(catalogue, 1), data=gone, follow_redirects=True).text
    assert anew(catalogue[1]).contacts[0].left_at is None


def test_who_has_left_is_not_shown_to_visitors(app: Flask, catalogue: Cast) -> None:
    update_listing(catalogue[1], {"contacts": [MANAGER | {"name": "Maja Lind", "left": True}, INDUSTRY]}, by="test")
    public = app.test_client().get(catalogue[1].path).text
    assert "Industry desk" in public
    assert "Maja Lind" not in public
    with app.test_request_context():
        shown = shown_record(anew(catalogue[1]), private=False)
    assert [contact["role"] for contact in shown["contacts"]] == ["Industry desk"]


def test_leave_and_groups_survive_an_export_and_imports(app: Flask, catalogue: Cast) -> None:
    said = [MANAGER | {"away_from": "2027-03-01", "away_until": "2027-03-05"}, INDUSTRY | {"left": True}]
    update_listing(catalogue[1], {"contacts": said}, by="test")
    with app.test_request_context():
        record = record_of(anew(catalogue[1])) | {"source": "elsewhere", "parent": "", "name": "Lumen copied"}
        cells = row_of(anew(catalogue[1]))
    assert (cells["contacts.0.away_until"], cells["contacts.1.left"]) == ("2027-03-05", "yes")
    assert cells["contacts.1.groups"] == "companies"
    copied = imported(record)
    assert content.read(copied, ("contacts",))["contacts"] == said
    update_listing(copied, {"contacts": [said[0], INDUSTRY | {"away_until": "2027-04-01"}]}, by="test")
    record["contacts"] = [MANAGER, INDUSTRY | {"role": "Sales"}]
    assert content.read(imported(record), ("contacts",))["contacts"] == [
        MANAGER,  # the source spoke of this one's leave before: it may end it
        INDUSTRY | {"role": "Sales"},
    ]
    update_listing(copied, {"contacts": [MANAGER | {"left": True}, INDUSTRY | {"role": "Sales"}]}, by="test")
    record["contacts"] = [MANAGER | {"role": "Head"}, INDUSTRY]
    kept = content.read(imported(record), ("contacts",))["contacts"]
    assert kept == [MANAGER | {"role": "Head", "left": True}, INDUSTRY]


def test_the_page_costs_the_same_however_many_contacts_there_are(
    app: Flask, pages: FlaskClient, catalogue: Cast, contacts: list[Contact]
) -> None:
    with statements() as few:
        pages.get(page(catalogue, 2))
    more = [{"role": f"Operator {number}", "email": f"o{number}@example.org"} for number in range(8)]
    update_listing(catalogue[1], {"contacts": [MANAGER, INDUSTRY, *more]}, by="test")
    db.session.close()
    with statements() as many:
        pages.get(page(catalogue, 2))
    assert len(many) == len(few) <= 9


def test_the_far_end_of_leave_may_be_open(pages: FlaskClient, catalogue: Cast, contacts: list[Contact]) -> None:
    pages.post(page(catalogue, 1), data=leave(contacts[0], away_from="2027-03-01"))
    assert anew(catalogue[1]).contacts[0].away_from == date(2027, 3, 1)
    assert "who is away." in pages.get(page(catalogue, 1, "?on=2030-01-01")).text


def test_addresses_of_what_stands_above_are_shown_to_its_own_people_only(app: Flask, catalogue: Cast) -> None:
    university, facility, _microscope = catalogue
    update_listing(university, {"contacts": [{"role": "Rector's office", "email": "rector@example.org"}]}, by="test")
    for holder, sees in ((facility, False), (university, True)):
        shown = owner_pages(app, add_user(f"Editor of {holder.name}", editor_of=holder)).get(page(catalogue, 2)).text
        assert "Rector" in shown
        assert ("rector@example.org" in shown) is sees
