"""What happens to listings is kept: who, when, before and after; and nothing is changed by two people at once."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm.exc import StaleDataError

from facilities.catalogue import actions, content
from facilities.catalogue.history import content_at
from facilities.catalogue.models import Actor, Kind, Listing, RevisionAct, Status
from facilities.db import db
from facilities.search.index import check, rebuild
from tests.listings import add, small_catalogue

DESK = Actor("Desk")


@pytest.fixture(autouse=True)
def empty(app_on: Flask) -> Flask:
    return app_on


def test_every_change_is_the_next_version_with_its_author() -> None:
    listing = actions.create_listing(Kind.INSTRUMENT, {"name": "LSM 880"}, parent=None, by=DESK)
    actions.update_listing(listing, {"model": "LSM 880", "keywords": ["confocal"]}, by=Actor("Ada"))
    actions.publish_listing(listing, by=DESK)
    actions.confirm_listing(listing, by=Actor("Ada"))
    said = [(each.version, each.act, each.made_by) for each in listing.revisions]
    assert said == [
        (1, RevisionAct.CREATED, "Desk"),
        (2, RevisionAct.EDITED, "Ada"),
        (3, RevisionAct.PUBLISHED, "Desk"),
        (4, RevisionAct.CONFIRMED, "Ada"),
    ]
    assert listing.version == 4


def test_saving_what_it_says_already_saves_nothing() -> None:
    listing = add(Kind.INSTRUMENT, "LSM 880", model="LSM 880")
    assert actions.update_listing(listing, {"model": "LSM 880"}, by=DESK) == {}
    assert listing.version == 0


def test_a_listing_can_say_again_what_it_said_at_any_version() -> None:
    first = {"name": "LSM 880", "model": "LSM 880", "contacts": [{"role": "Manager", "email": "m@example.org"}]}
    listing = actions.create_listing(Kind.INSTRUMENT, first, parent=None, by=DESK)
    actions.update_listing(listing, {"model": "LSM 980", "contacts": []}, by=DESK)
    actions.update_listing(listing, {"access": {"groups": ["companies"]}, "model": "LSM 900"}, by=DESK)
    before = content.read(listing)
    assert content_at(listing, 2)["model"] == "LSM 980"
    actions.restore_listing(listing, 1, by=DESK)
    assert content.read(listing, tuple(first)) == first
    assert listing.access is None
    actions.restore_listing(listing, 3, by=DESK)
    assert content.read(listing) == before
    assert [each.note for each in listing.revisions[-2:]] == ["1", "3"]


def test_the_index_follows_a_listing_through_its_life() -> None:
    university, _facility, microscope = small_catalogue()
    for act in (
        lambda: actions.withdraw_listing(microscope, reason="Scrapped", by=DESK, successor=university),
        lambda: actions.publish_listing(microscope, by=DESK),
        lambda: actions.archive_listing(microscope, by=DESK),
        lambda: actions.submit_listing(microscope, by=DESK),
        lambda: actions.send_back_listing(microscope, reason="No model", by=DESK),
    ):
        act()
        assert not check()
    assert microscope.status == Status.DRAFT
    assert microscope.successor is None


def test_a_planned_withdrawal_is_kept_and_can_be_called_off() -> None:
    listing = add(Kind.INSTRUMENT, "LSM 880")
    actions.schedule_withdrawal(listing, date(2027, 3, 1), by=DESK, reason="End of lease")
    assert listing.withdraw_on == date(2027, 3, 1)
    actions.schedule_withdrawal(listing, None, by=DESK)
    assert [each.changes["withdraw_on"] for each in listing.revisions] == [[None, "2027-03-01"], ["2027-03-01", None]]


def test_moving_a_listing_takes_all_below_it_along() -> None:
    university, facility, microscope = small_catalogue()
    other = add(Kind.ORGANISATION, "Fjord Institute")
    rebuild()
    actions.move_listing(facility, other, by=DESK)
    db.session.expire_all()
    assert microscope.organisation_id == other.id
    assert facility.revisions[-1].changes == {"parent": [university.id, other.id]}
    assert not check()


def test_a_listing_cannot_be_below_itself_or_below_an_instrument() -> None:
    university, facility, microscope = small_catalogue()
    part = add(Kind.FACILITY, "Light room", parent=facility)
    for listing, parent in ((facility, part), (facility, microscope), (university, facility)):
        with pytest.raises(actions.CannotMove):
            actions.move_listing(listing, parent, by=DESK)
    assert facility.parent is university


def test_of_two_changes_from_the_same_version_the_second_is_refused() -> None:
    listing = add(Kind.INSTRUMENT, "LSM 880")
    with db.sessionmaker() as other:
        theirs = other.get_one(Listing, listing.id)
        other.commit()
        actions.update_listing(listing, {"model": "LSM 880"}, by=DESK)
        theirs.version += 1
        with pytest.raises(StaleDataError):
            other.flush()
        other.rollback()
    assert db.session.scalar(sa.select(Listing.version).where(Listing.id == listing.id)) == 1


def test_a_contact_that_keeps_its_address_stays_the_same_row() -> None:
    listing = add(Kind.FACILITY, "Lumen", contacts=[{"role": "Manager", "email": "m@example.org"}])
    row = listing.contacts[0].id
    people = [{"role": "Desk", "email": "d@example.org"}, {"role": "Head", "email": "m@example.org"}]
    actions.update_listing(listing, {"contacts": people}, by=DESK)
    assert [contact.email for contact in listing.contacts] == ["d@example.org", "m@example.org"]
    assert listing.contacts[1].id == row
