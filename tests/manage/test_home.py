"""The first page of the owners: what needs them, and how to get listings."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import SiteRole, User
from facilities.accounts.rights import Level
from facilities.catalogue.actions import create_listing, send_back_listing, submit_listing
from facilities.catalogue.models import Kind, Revision, RevisionAct, Status
from facilities.db import db, now
from facilities.enquiries.models import Delivery, Enquiry
from facilities.manage.models import LinkCheck
from facilities.manage.queries import granted_ids, owned_ids
from facilities.moderation.models import Claim
from facilities.moderation.proposals import propose_changes, send_back_proposal
from tests.counting import statements
from tests.enquiry_cast import enquiry_to
from tests.listings import add, small_catalogue
from tests.manage.owner_pages import Cast, anew, owner_pages
from tests.people import add_user


def text_of(pages: FlaskClient, address: str = "/manage/") -> str:
    answer = pages.get(address)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def ask(listing: Any, *, delivery: Delivery = Delivery.SENT, question: str = "Is it free in May?") -> Enquiry:
    enquiry = enquiry_to(listing, question=question, delivery=delivery, delivery_detail="550 no such user")
    db.session.add(enquiry)
    db.session.commit()
    return enquiry


def fresh(*listings: Any) -> None:
    for listing in listings:
        listing.confirmed_at = now()
    db.session.commit()


def overdue(*listings: Any) -> None:
    for listing in listings:
        listing.confirmed_at = now() - timedelta(days=500)
    db.session.commit()


def test_someone_without_a_listing_is_told_how_to_get_one(app: Flask) -> None:
    page = text_of(owner_pages(app, add_user("New Comer")))
    assert "You have no listings yet" in page
    assert "/manage/listings/new?kind=organisation" in page
    assert "Find and claim it" in page


def test_a_visitor_is_asked_to_sign_in(app: Flask, catalogue: Cast) -> None:
    for address in ("/manage/", "/manage/listings", "/manage/enquiries", "/manage/team"):
        assert app.test_client().get(address).status_code in (302, 303), address


def test_calm_when_there_is_nothing_to_do(app: Flask, catalogue: Cast) -> None:
    everything = {
        "summary": "S", "description": "D", "url": "https://x.org", "city": "Uppsala", "lat": 1.0, "lng": 1.0,
        "contacts": [{"role": "Manager", "email": "m@example.org"}], "prices": [],
        "access": {"groups": ["academia"], "modes": ["physical"], "price_level": 1, "training": "none"},
    }  # fmt: skip
    lab = add(Kind.FACILITY, "Quiet Lab", **everything)
    fresh(lab)
    assert "Nothing needs you now" in text_of(owner_pages(app, add_user("Calm", manager_of=lab)))


def test_listings_to_confirm_are_named_and_one_press_confirms(
    pages: FlaskClient, catalogue: Cast, manager: User
) -> None:
    _university, facility, microscope = catalogue
    overdue(facility, microscope)
    page = text_of(pages)
    assert "Are these still right?" in page
    assert "Lumen Imaging" in page and "Zeiss LSM 880" in page
    answer = pages.post("/manage/confirm", data={"listing": microscope.id})
    assert answer.status_code == 303
    assert now() - anew(microscope).confirmed_at < timedelta(minutes=1)
    assert anew(microscope).confirmed_by == "Maja Manager"
    assert "Confirmed. Thank you." in text_of(pages)
    assert anew(facility).confirmed_at < now() - timedelta(days=400)


def test_all_are_confirmed_together(pages: FlaskClient, catalogue: Cast) -> None:
    university, facility, microscope = catalogue
    overdue(university, facility, microscope)
    pages.post("/manage/confirm", data={"all": "1"})
    assert now() - anew(facility).confirmed_at < timedelta(minutes=1)
    assert now() - anew(microscope).confirmed_at < timedelta(minutes=1)
    assert anew(university).confirmed_at < now() - timedelta(days=400), "the university is not hers"
    assert "2 listings confirmed" in text_of(pages)
    acts = db.session.query(Revision).filter_by(act=RevisionAct.CONFIRMED).count()
    assert acts == 2


def test_nobody_confirms_what_is_not_theirs(app: Flask, catalogue: Cast) -> None:
    overdue(*catalogue)
    other = add(Kind.FACILITY, "Elsewhere")
    stranger = owner_pages(app, add_user("Stranger", manager_of=other))
    stranger.post("/manage/confirm", data={"listing": [catalogue[1].id]})
    assert anew(catalogue[1]).confirmed_at < now() - timedelta(days=400)
    assert "Nothing was confirmed" in text_of(stranger)


def test_enquiries_wait_on_the_first_page_and_in_the_inbox(pages: FlaskClient, catalogue: Cast) -> None:
    ask(catalogue[2])
    assert "Enquiries that wait for you" in text_of(pages)
    inbox = text_of(pages, "/manage/enquiries")
    assert "Is it free in May?" in inbox
    assert "Rita Researcher" in inbox


def test_editors_and_strangers_see_no_enquiry(app: Flask, catalogue: Cast) -> None:
    ask(catalogue[2])
    editor = owner_pages(app, add_user("Eddie", editor_of=catalogue[1]))
    assert "Enquiries that wait for you" not in text_of(editor)
    assert "Is it free" not in text_of(editor, "/manage/enquiries")


def test_the_inbox_names_only_ones_own_listings(pages: FlaskClient, catalogue: Cast) -> None:
    other = add(Kind.FACILITY, "Rival Imaging")
    db.session.add(enquiry_to(catalogue[2], other))
    db.session.commit()
    assert "Rival" not in text_of(pages, "/manage/enquiries")


def test_drafts_and_changes_sent_back_come_with_the_reason(pages: FlaskClient, catalogue: Cast, manager: User) -> None:
    draft = create_listing(Kind.SERVICE, {"name": "Sorting"}, parent=catalogue[1], by=manager.actor)
    submit_listing(draft, by=manager.actor)
    send_back_listing(draft, reason="Say what it costs.", by="Desk")
    proposal = propose_changes(catalogue[2], {"summary": "Best ever"}, by=manager.actor)
    assert proposal
    send_back_proposal(proposal, reason="No praise, please.", by="Desk")
    db.session.commit()
    page = text_of(pages)
    assert "Sent back to you" in page
    assert "Say what it costs." in page and "No praise, please." in page


def test_a_draft_handed_in_again_is_no_longer_sent_back(pages: FlaskClient, catalogue: Cast, manager: User) -> None:
    draft = create_listing(Kind.SERVICE, {"name": "Sorting"}, parent=catalogue[1], by=manager.actor)
    submit_listing(draft, by=manager.actor)
    send_back_listing(draft, reason="Say what it costs.", by="Desk")
    submit_listing(draft, by=manager.actor)
    page = text_of(pages)
    assert "Say what it costs." not in page
    assert "waiting for a decision" in page


def test_contacts_that_letters_do_not_reach_are_named_until_changed(pages: FlaskClient, catalogue: Cast) -> None:
    from facilities.catalogue.actions import update_listing

    lab = catalogue[1]
    update_listing(lab, {"contacts": [{"role": "Manager", "email": "m@example.org"}]}, by="Maja")
    ask(lab, delivery=Delivery.FAILED)
    page = text_of(pages)
    assert "Contacts that letters do not reach" in page and "550 no such user" in page
    update_listing(lab, {"contacts": [{"role": "Manager", "email": "new@example.org"}]}, by="Maja")
    assert "Contacts that letters do not reach" not in text_of(pages)


def test_broken_links_are_named_with_the_section_to_mend_them_in(pages: FlaskClient, catalogue: Cast) -> None:
    from facilities.catalogue.actions import update_listing

    update_listing(catalogue[2], {"links": [{"url": "https://gone.example.org", "title": "Manual"}]}, by="Maja")
    db.session.add(LinkCheck(url="https://gone.example.org", failures=3, problem="Not found", broken_since=now()))
    db.session.commit()
    page = text_of(pages)
    assert "Links that no longer work" in page
    assert f"/manage/listings/{catalogue[2].id}/edit/links" in page


def test_instruments_that_will_go_can_be_planned(pages: FlaskClient, catalogue: Cast) -> None:
    catalogue[2].available_until = (now() + timedelta(days=20)).date()
    db.session.commit()
    assert "Instruments that will go" in text_of(pages)


def test_listings_that_say_little_show_how_little(pages: FlaskClient, catalogue: Cast) -> None:
    page = text_of(pages)
    assert "Listings that say little" in page
    assert '<progress max="100"' in page


def test_claims_and_invitations_wait(app: Flask, pages: FlaskClient, catalogue: Cast, manager: User) -> None:
    from facilities.accounts.models import Invitation, OwnerRole

    claimant = add_user("Clara Claimant")
    db.session.add(Claim(listing_id=catalogue[1].id, user_id=claimant.id))
    db.session.add(Invitation(email="new@example.org", listing_id=catalogue[1].id, role=OwnerRole.EDITOR))
    db.session.commit()
    page = text_of(pages)
    assert "Clara Claimant" in page
    assert "new@example.org" in page
    assert "What you claim" in text_of(owner_pages(app, claimant))


def test_the_page_asks_the_database_as_often_for_many_as_for_few(
    app: Flask, pages: FlaskClient, catalogue: Cast
) -> None:
    ask(catalogue[2])
    overdue(*catalogue)
    pages.get("/manage/")
    with statements() as few:
        pages.get("/manage/")
    for number in range(30):
        listing = add(Kind.INSTRUMENT, f"Microscope {number}", parent=catalogue[1])
        overdue(listing)
        ask(listing, question=f"Question {number}")
    with statements() as many:
        pages.get("/manage/")
    assert len(many) <= len(few) + 4, "a count more where there are more than a few"
    assert len(many) <= 32


def test_rights_flow_down_and_the_desk_owns_everything(app_on: Flask) -> None:
    university, facility, microscope = small_catalogue()
    other = add(Kind.FACILITY, "Elsewhere")
    editor = add_user("Eddie", editor_of=facility)
    manager = add_user("Maja", manager_of=university)
    desk = add_user("Desk", site_role=SiteRole.MODERATOR)

    def ids(query: Any) -> set[int]:
        return set(db.session.scalars(query))

    assert ids(owned_ids(editor)) == {facility.id, microscope.id}
    assert ids(owned_ids(editor, Level.MANAGER)) == set()
    assert ids(owned_ids(manager, Level.MANAGER)) == {university.id, facility.id, microscope.id}
    assert ids(owned_ids(desk, Level.MANAGER)) == {university.id, facility.id, microscope.id, other.id}
    assert ids(granted_ids(desk)) == set()


def test_the_state_of_an_archived_listing_is_counted_by_itself(pages: FlaskClient, catalogue: Cast) -> None:
    catalogue[2].status = Status.DRAFT
    db.session.commit()
    assert "<b>1</b>draft</a>" in text_of(pages)


def test_team_leads_to_the_only_team(pages: FlaskClient, catalogue: Cast) -> None:
    assert pages.get("/manage/team").headers["Location"] == f"/manage/listings/{catalogue[1].id}/team"
