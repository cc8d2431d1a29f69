"""Claiming a listing: who is asked, what proves it, and what nobody learns on the way."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import Grant, OwnerRole, SiteRole, User
from facilities.catalogue.actions import update_listing, withdraw_listing
from facilities.catalogue.models import Facility, Kind, Listing
from facilities.db import db, now
from facilities.moderation.claiming import (
    MOST_CLAIMS,
    TooManyClaims,
    claim_listing,
    claim_of,
    known_addresses,
    token_of,
)
from facilities.moderation.models import CaseState, Claim, Decision, DecisionAct
from tests.counting import statements
from tests.listings import add
from tests.moderation.cast import cast, letters
from tests.people import add_user, client_of

CONTACT = {"role": "Manager", "email": "boss@lumen.example.org"}


def lab(**fields: Any) -> Facility:
    found: Facility = add(Kind.FACILITY, "Lumen", **fields)
    return found


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)
    assert found is not None
    return found[1]


def claim_by_form(client: FlaskClient, listing: Listing, way: str, message: str = "") -> Any:
    address = f"/listings/{listing.id}/claim"
    return client.post(address, data={"csrf_token": token_in(client.get(address).text), "way": way, "message": message})


def link_of(letter: str) -> str:
    found = re.search(r"/claims/\S+", letter)
    assert found is not None
    return found[0]


def test_a_letter_to_the_known_address_proves_a_claim(app_on: Flask) -> None:
    listing, claimant = lab(contacts=[CONTACT]), add_user("Clai Mant")
    client = client_of(app_on, claimant)
    assert claim_by_form(client, listing, "0").status_code == 303
    [letter] = letters("claim_proof")
    assert letter.to == CONTACT["email"]
    assert "clai.mant@example.org" in letter.text
    visitor = client_of(app_on, None)
    link = link_of(letter.text)
    page = visitor.get(link)
    assert page.headers["Cache-Control"] == "no-store"
    assert db.session.query(Grant).count() == 0
    answer = visitor.post(link, data={"csrf_token": token_in(page.text), "act": "accept"}, follow_redirects=True)
    assert "Clai Mant keeps this listing from now on" in answer.text
    grant = db.session.query(Grant).one()
    assert (grant.user_id, grant.listing_id, grant.role) == (claimant.id, listing.id, OwnerRole.MANAGER)
    assert db.session.query(Decision).one().act == DecisionAct.CLAIM_ACCEPTED
    assert [each.to for each in letters("claim_settled")] == ["clai.mant@example.org"]
    assert visitor.get(link).status_code == 410


def test_whoever_reads_the_known_address_can_say_no(app_on: Flask) -> None:
    listing = lab(contacts=[CONTACT])
    claim = claim_listing(listing, by=add_user("Clai Mant"), message="", address=CONTACT["email"])
    visitor = client_of(app_on, None)
    link = f"/claims/{token_of(claim)}"
    visitor.post(link, data={"csrf_token": token_in(visitor.get(link).text), "act": "reject"})
    assert db.session.query(Grant).count() == 0
    assert db.session.query(Claim).one().state == CaseState.REJECTED


def test_the_page_tells_nothing_but_the_domain_of_the_known_address(app: Flask) -> None:
    listing = lab(contacts=[CONTACT])
    page = client_of(app, add_user("Clai Mant")).get(f"/listings/{listing.id}/claim").text
    assert "lumen.example.org" in page
    assert "boss" not in page


def test_the_answer_is_the_same_whether_a_letter_goes_out_or_not(app: Flask) -> None:
    listing = lab(contacts=[CONTACT])
    pages = []
    for number in range(4):
        client = client_of(app, add_user(f"Clai Mant {number}"))
        answer = claim_by_form(client, listing, "0")
        pages.append((answer.status_code, client.get(answer.location).text.partition("<main")[2]))
    assert len(letters("claim_proof")) == 2
    assert len(set(pages)) == 1


@pytest.mark.parametrize(
    ("url", "domains"),
    [
        ("https://www.lumen.se/about", {"lumen.se"}),
        ("https://imaging.med.lumen.se", {"imaging.med.lumen.se", "med.lumen.se"}),
        ("https://imaging.lumen.se", {"imaging.lumen.se", "lumen.se"}),
        ("https://lumen.ac.uk", {"lumen.ac.uk"}),
        ("http://127.0.0.1/", set()),
        ("http://localhost/", set()),
        ("", set()),
    ],
)
def test_without_a_contact_only_office_mailboxes_of_the_website_are_asked(
    app: Flask, url: str, domains: set[str]
) -> None:
    listing = lab(url=url)
    known = known_addresses(listing)
    assert {address.partition("@")[2] for address in known} == domains
    assert all(
        address.partition("@")[0] in ("info", "contact", "kontakt", "office", "post", "registrator")
        for address in known
    )


def test_an_address_that_is_not_known_is_never_written_to(app_on: Flask) -> None:
    listing = lab(contacts=[CONTACT])
    claim = claim_listing(listing, by=add_user("Clai Mant"), message="", address="clai.mant@example.org")
    assert claim.mailed_to == ""
    assert letters("claim_proof") == []
    client = client_of(app_on, add_user("Second"))
    assert claim_by_form(client, listing, "7").status_code == 422


def test_a_listing_with_a_manager_is_decided_by_the_manager_or_the_desk(app_on: Flask) -> None:
    people = cast()
    claimant = add_user("Clai Mant")
    update_listing(people.facility, {"contacts": [CONTACT]}, by="x")
    client = client_of(app_on, claimant)
    assert "has a manager already" in client.get(f"/listings/{people.facility.id}/claim").text
    assert claim_by_form(client, people.facility, "0").status_code == 422
    assert claim_by_form(client, people.facility, "desk").status_code == 422
    assert claim_by_form(client, people.facility, "desk", "I run it now.").status_code == 303
    assert letters("claim_proof") == []
    [told] = letters("claim_told")
    assert told.to == people.manager.email
    claim = db.session.query(Claim).one()
    manager = client_of(app_on, people.manager)
    page = manager.get(f"/manage/claims/{claim.id}")
    assert "I run it now." in page.text
    data = {"csrf_token": token_in(page.text), "act": "reject", "answer": ""}
    assert manager.post(f"/manage/claims/{claim.id}", data=data).status_code == 422
    assert manager.post(f"/manage/claims/{claim.id}", data=data | {"answer": "We do not know you."}).status_code == 303
    assert db.session.query(Grant).filter_by(user_id=claimant.id).count() == 0
    assert "We do not know you." in letters("claim_settled")[0].text


def test_the_desk_accepts_a_claim(app_on: Flask) -> None:
    people = cast()
    claimant = add_user("Clai Mant")
    claim = claim_listing(people.facility, by=claimant, message="I run it now.")
    client = client_of(app_on, people.moderator)
    page = client.get(f"/manage/claims/{claim.id}").text
    answer = client.post(
        f"/manage/claims/{claim.id}", data={"csrf_token": token_in(page), "act": "accept", "answer": ""}
    )
    assert answer.location == "/moderate/queues/claimed"
    assert db.session.query(Grant).filter_by(user_id=claimant.id).one().role == OwnerRole.MANAGER
    assert (
        client.post(
            f"/manage/claims/{claim.id}", data={"csrf_token": token_in(page), "act": "reject", "answer": "No"}
        ).location
        == "/moderate/queues/claimed"
    )
    assert db.session.query(Claim).one().state == CaseState.ACCEPTED


def test_strangers_and_editors_see_no_claims(app: Flask) -> None:
    people = cast()
    claim = claim_listing(people.university, by=add_user("Clai Mant"), message="Mine")
    for user in (people.editor, add_user("Stran Ger")):
        assert client_of(app, user).get(f"/manage/claims/{claim.id}").status_code == 403
    assert client_of(app, None).get(f"/manage/claims/{claim.id}").status_code in (302, 303)


def test_the_link_is_over_when_the_contact_the_listing_or_its_team_has_changed(app_on: Flask) -> None:
    visitor = client_of(app_on, None)
    changes = (
        lambda listing: update_listing(listing, {"contacts": [CONTACT | {"email": "new@lumen.example.org"}]}, by="x"),
        lambda listing: withdraw_listing(listing, reason="gone", by="x"),
        lambda listing: add_user("Mana Ger", manager_of=listing),
    )
    for number, change in enumerate(changes):
        listing = lab(contacts=[CONTACT])
        claim = claim_listing(listing, by=add_user(f"Clai Mant {number}"), message="", address=CONTACT["email"])
        link = f"/claims/{token_of(claim)}"
        token = token_in(visitor.get(link).text)
        change(db.session.get_one(Listing, listing.id))
        assert visitor.get(link).status_code == 410
        assert visitor.post(link, data={"csrf_token": token, "act": "accept"}).status_code == 410
    assert (
        db.session.query(Grant)
        .filter_by(granted_by_id=None)
        .join(User, Grant.user_id == User.id)
        .filter(User.name.startswith("Clai"))
        .count()
        == 0
    )


def test_a_link_expires_and_cannot_be_made_up(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = claim_listing(lab(contacts=[CONTACT]), by=add_user("Clai Mant"), message="", address=CONTACT["email"])
    token = token_of(claim)
    assert claim_of(token) is claim
    assert claim_of(token[:-2] + "aa") is None
    assert client_of(app, None).get("/claims/nonsense").status_code == 404
    monkeypatch.setattr("facilities.moderation.claiming.VALID_FOR", timedelta(seconds=-1))
    assert claim_of(token) is None


def test_claims_are_limited_and_an_open_one_is_the_same_one(app_on: Flask) -> None:
    claimant = add_user("Clai Mant")
    listings = [lab(contacts=[CONTACT]) for _ in range(MOST_CLAIMS + 1)]
    first = claim_listing(listings[0], by=claimant, message="", address=CONTACT["email"])
    assert claim_listing(listings[0], by=claimant, message="again", address=CONTACT["email"]) is first
    for listing in listings[1:MOST_CLAIMS]:
        claim_listing(listing, by=claimant, message="")
    with pytest.raises(TooManyClaims):
        claim_listing(listings[-1], by=claimant, message="")
    assert claim_listing(listings[-1], by=claimant, message="", at=now() + timedelta(days=2)).id
    assert len(letters("claim_proof")) == 1


def test_only_public_organisations_and_facilities_can_be_claimed(app: Flask) -> None:
    people = cast()
    client = client_of(app, add_user("Clai Mant"))
    assert client.get(f"/listings/{people.microscope.id}/claim").status_code == 403
    assert client.get("/listings/99999/claim").status_code == 404
    assert client_of(app, people.manager).get(f"/listings/{people.facility.id}/claim").status_code == 303
    anonymous = client_of(app, None).get(f"/listings/{people.facility.id}/claim")
    assert "/sign-in" in anonymous.location


def test_the_pages_cost_few_statements(app: Flask) -> None:
    people = cast()
    claim = claim_listing(people.university, by=add_user("Clai Mant"), message="Mine")
    desk, stranger = client_of(app, people.moderator), client_of(app, add_user("Stran Ger"))
    with statements() as sent:
        assert desk.get(f"/manage/claims/{claim.id}").status_code == 200
    assert len(sent) <= 14
    with statements() as sent:
        assert stranger.get(f"/listings/{people.facility.id}/claim").status_code == 200
    assert len(sent) <= 10


def test_the_only_way_to_prove_a_claim_is_chosen_already(app: Flask) -> None:
    listing = lab()
    page = client_of(app, add_user("Clai Mant")).get(f"/listings/{listing.id}/claim").text
    [choice] = re.findall(r'<input[^>]*type="radio"[^>]*>', page)
    assert "checked" in choice


def test_where_an_editor_writes_the_contacts_no_letter_to_them_proves_anything(app_on: Flask) -> None:
    university = add(Kind.ORGANISATION, "Skerry University")
    listing = add(Kind.FACILITY, "Lumen", parent=university)
    add_user("Edit Or", editor_of=university)
    update_listing(listing, {"contacts": [CONTACT | {"email": "clai.mant@example.org"}]}, by="Edit Or")
    claimant = add_user("Clai Mant")
    client = client_of(app_on, claimant)
    page = client.get(f"/listings/{listing.id}/claim").text
    assert "Somebody edits this listing already, so the desk decides" in page
    assert claim_by_form(client, listing, "0").status_code == 422
    claim = claim_listing(db.session.get_one(Listing, listing.id), by=db.session.get_one(User, claimant.id),
                          message="Mine", address="clai.mant@example.org")  # fmt: skip
    assert (claim.mailed_to, letters("claim_proof")) == ("", [])
    desk = client_of(app_on, add_user("Mode Rator", site_role=SiteRole.MODERATOR))
    assert "<dt>Editors now</dt><dd>Edit Or</dd>" in desk.get(f"/manage/claims/{claim.id}").text


def test_a_link_that_is_out_decides_nothing_once_there_is_an_editor(app_on: Flask) -> None:
    listing = lab(contacts=[CONTACT])
    claim = claim_listing(listing, by=add_user("Clai Mant"), message="", address=CONTACT["email"])
    visitor, link = client_of(app_on, None), f"/claims/{token_of(claim)}"
    token = token_in(visitor.get(link).text)
    editor = add_user("Edit Or", editor_of=listing)
    assert visitor.post(link, data={"csrf_token": token, "act": "accept"}).status_code == 410
    assert db.session.query(Grant).one().user_id == editor.id
