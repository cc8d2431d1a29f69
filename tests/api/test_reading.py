"""Reading listings: who sees what, pages, entity tags."""

from typing import Any

import pytest
from flask import Flask

from facilities.accounts.models import Scope, SiteRole
from facilities.catalogue.actions import withdraw_listing
from facilities.catalogue.models import Kind, Listing, Status
from facilities.db import db
from facilities.formats import site_today
from facilities.moderation.merging import merge_listings
from tests.api.conftest import Place, Program, ProgramOf
from tests.counting import statements
from tests.listings import add
from tests.people import add_user

CONTACT = {
    "role": "Facility manager", "name": "Eva Ek", "email": "eva@skerry.example.org", "deputy_name": "Jon Berg",
    "deputy_email": "jon@skerry.example.org",
}  # fmt: skip


@pytest.fixture
def draft(place: Place) -> Listing:
    listing: Listing = add(Kind.INSTRUMENT, "Prototype", parent=place.facility)
    listing.status = Status.DRAFT
    db.session.commit()
    return listing


def test_anyone_reads_published_listings_and_no_others(place: Place, draft: Listing, program_of: ProgramOf) -> None:
    visitor = program_of(None)
    names = [item["record"]["name"] for item in visitor.get("/listings").get_json()["items"]]
    assert names == ["Skerry University", "Lumen Imaging", "Zeiss LSM 880"]
    assert visitor.get(f"/listings/{place.microscope.id}").status_code == 200
    assert visitor.get(f"/listings/{draft.id}").status_code == 404


def test_owners_read_all_of_their_own_and_nothing_else(place: Place, draft: Listing, program_of: ProgramOf) -> None:
    add(Kind.ORGANISATION, "Another university")
    assert _names(program_of(place.manager).get("/listings")) == [
        "Skerry University", "Lumen Imaging", "Zeiss LSM 880", "Prototype",
    ]  # fmt: skip
    editor = add_user("Editor", editor_of=place.facility)
    assert _names(program_of(editor).get("/listings")) == ["Lumen Imaging", "Zeiss LSM 880", "Prototype"]
    assert _names(program_of(add_user("Stranger")).get("/listings")) == []
    desk = add_user("Desk", site_role=SiteRole.MODERATOR)
    assert "Another university" in _names(program_of(desk).get("/listings"))
    assert "Another university" in _names(program_of(editor).get("/listings?own=false"))


def test_drafts_are_hidden_from_others(place: Place, draft: Listing, program_of: ProgramOf) -> None:
    other = add(Kind.ORGANISATION, "Another university")
    for user in (None, add_user("Stranger"), add_user("Manager of another", manager_of=other)):
        ours = program_of(user)
        assert ours.get(f"/listings/{draft.id}").status_code == 404
        assert "Prototype" not in ours.get("/listings?own=false").text


def test_addresses_are_only_for_those_who_may_edit(place: Place, program_of: ProgramOf) -> None:
    listing = add(Kind.FACILITY, "Flow", parent=place.university, contacts=[CONTACT])
    other = add_user("Other", manager_of=add(Kind.ORGANISATION, "Another university"))
    path = f"/listings/{listing.id}"
    for without in (program_of(None), program_of(other), program_of(place.manager, Scope.WRITE)):
        for address in (path, "/listings?own=false&per_page=100"):
            answer = without.get(address)
            assert "Eva Ek" in answer.text
            assert "@skerry" not in answer.text
            assert "Jon Berg" not in answer.text
    for address in (path, "/listings"):
        assert "eva@skerry.example.org" in program_of(place.manager).get(address).text
    assert "eva@" not in program_of(place.manager).get("/listings?own=false").text


def test_a_listing_that_is_known_is_not_sent_again(place: Place, program_of: ProgramOf) -> None:
    for ours in (program_of(None), program_of(place.manager)):
        path = f"/listings/{place.microscope.id}"
        first = ours.get(path)
        assert first.headers["ETag"] == f'"{place.microscope.id}-{first.get_json()["version"]}"'
        again = ours.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert "Authorization" in again.headers["Vary"]


def test_a_withdrawn_listing_says_when_and_what_took_its_place(place: Place, program_of: ProgramOf) -> None:
    successor = add(Kind.INSTRUMENT, "LSM 980", parent=place.facility)
    withdraw_listing(place.microscope, reason="Sold", by="owner", successor=successor)
    path = f"/listings/{place.microscope.id}"
    gone = program_of(None).get(path)
    assert gone.status_code == 410
    assert gone.get_json()["detail"] == "Sold"
    assert gone.get_json()["successor"].endswith(f"/api/v1/listings/{successor.id}")
    assert gone.get_json()["withdrawn_at"]
    assert program_of(place.manager).get(path).get_json()["status"] == "withdrawn"


def test_a_merged_listing_leads_to_the_one_it_lives_on_in(place: Place, program_of: ProgramOf) -> None:
    kept = add(Kind.INSTRUMENT, "LSM 880 confocal", parent=place.facility)
    merge_listings(kept, place.microscope, fields={}, by="desk")
    ours, path = program_of(place.manager), f"/listings/{place.microscope.id}"
    for reader in (ours, program_of(None)):
        answer = reader.get(path)
        assert answer.status_code == 308
        assert answer.headers["Location"].endswith(f"/api/v1/listings/{kept.id}")
    answer = ours.post(f"{path}/confirm")
    assert answer.status_code == 410
    assert answer.get_json()["successor"].endswith(f"/{kept.id}")


def test_pages_hold_every_listing_once(place: Place, program_of: ProgramOf) -> None:
    for number in range(7):
        add(Kind.SERVICE, f"Service {number}", parent=place.facility)
    ours, found, path = program_of(None), list[str](), "/listings?per_page=3&kind=service&kind=instrument"
    while path:
        answer = ours.get(path)
        found += _names(answer)
        following = answer.get_json()["links"]["next"]
        assert (f'<{following}>; rel="next"' == answer.headers.get("Link")) == bool(following)
        path = following.partition("/api/v1")[2] if following else ""
    assert found == ["Zeiss LSM 880", *(f"Service {number}" for number in range(7))]


def test_lists_are_narrowed(place: Place, draft: Listing, program_of: ProgramOf) -> None:
    ours = program_of(place.manager)
    assert _names(ours.get(f"/listings?below={place.facility.id}")) == ["Lumen Imaging", "Zeiss LSM 880", "Prototype"]
    assert _names(ours.get("/listings?status=draft")) == ["Prototype"]
    assert _names(ours.get("/listings?kind=organisation")) == ["Skerry University"]
    assert _names(ours.get("/listings?updated_since=2999-01-01")) == []
    ours.put("/sources/register/records/7", {"type": "instrument", "name": "Seven"})
    assert _names(ours.get("/listings?source=register&source_id=7")) == ["Seven"]


def test_ended_offers_are_left_out_unless_asked_for(place: Place, program_of: ProgramOf) -> None:
    add(Kind.OFFER, "Going on", parent=place.university, offer_kind="partners", open_until=site_today().isoformat())
    add(Kind.OFFER, "Over", parent=place.university, offer_kind="partners", open_until="2020-01-01")
    anyone, owner = program_of(None), program_of(place.manager)

    def names(program: Program, asked: str) -> set[str]:
        return set(_names(program.get(f"/listings?kind=offer{asked}")))

    assert names(anyone, "") == names(anyone, "&ended=false") == {"Going on"}
    assert names(anyone, "&ended=true") == {"Over"}
    assert names(owner, "") == {"Going on", "Over"}
    assert names(owner, "&ended=false") == {"Going on"}


def test_a_parameter_that_cannot_be_understood_is_named(place: Place, program_of: ProgramOf) -> None:
    visitor = program_of(None)
    for query in (
        "kind=boat", "per_page=0", "per_page=101", "cursor=x", "cursor=!", "below=99999999999999",
        "updated_since=yesterday", "colour=red", "own=maybe",
    ):  # fmt: skip
        answer = visitor.get(f"/listings?{query}")
        assert answer.status_code == 400, query
        assert query.partition("=")[0] in answer.get_json()["errors"][0]["pointer"]


def test_own_listings_need_a_token(place: Place, program_of: ProgramOf) -> None:
    assert program_of(None).get("/listings?own=true").status_code == 401


def test_a_number_that_no_database_holds_is_no_listing(place: Place, program_of: ProgramOf) -> None:
    for number in (2**31, 2**63, 10**30):
        assert program_of(None).get(f"/listings/{number}").status_code == 404


@pytest.mark.parametrize("whose", ["visitor", "owner"])
def test_a_page_takes_as_many_queries_however_long_it_is(
    place: Place, app: Flask, program_of: ProgramOf, whose: str
) -> None:
    ours = program_of(place.manager if whose == "owner" else None)
    ours.get("/listings")
    few = _count(ours)
    for number in range(12):
        _full(place, number)
    assert _count(ours) == few <= 20


def _full(place: Place, number: int) -> None:
    add(
        Kind.SERVICE, f"Service {number}", parent=db.session.get(Listing, place.university.id), contacts=[CONTACT],
        access={"groups": ["academia"]}, links=[{"url": "https://example.org/x", "title": "x"}],
        prices=[{"item": "Hour", "group": "academic", "basis": "hour", "amount": "5.00", "currency": "SEK"}],
    )  # fmt: skip


def _count(ours: Program) -> int:
    with statements() as sent:
        assert ours.get("/listings").status_code == 200
    return len(sent)


def _names(answer: Any) -> list[str]:
    return [item["record"]["name"] for item in answer.get_json()["items"]]
