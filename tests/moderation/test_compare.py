"""Two listings side by side: choosing what is kept, merging, undoing, or noting that they are not the same."""

import re
from typing import Any

from flask import Flask

from facilities.accounts.models import Grant, OwnerRole
from facilities.catalogue.actions import update_listing
from facilities.catalogue.models import Kind, Listing, Status
from facilities.db import db
from facilities.moderation.comparing import compare
from facilities.moderation.models import Decision, DecisionAct, Duplicate, PairState
from facilities.moderation.queues import Queue, counts
from tests.counting import statements
from tests.listings import add
from tests.moderation.cast import Cast, cast
from tests.moderation.deciding import press
from tests.people import add_user, client_of


def twins() -> tuple[Cast, Listing, Listing]:
    """A facility with much to say, and another entry of the same with a few things of its own."""
    people = cast()
    kept = people.facility
    update_listing(kept, {"summary": "Light microscopy for all", "keywords": ["confocal"]}, by="x")
    twin = add(
        Kind.FACILITY, "Lumen Imaging Facility", parent=people.university, city="Uppsala", country="SE",
        summary="We image", keywords=["light sheet"], url="https://lumen.example.org",
    )  # fmt: skip
    add(Kind.INSTRUMENT, "Light sheet", parent=twin)
    db.session.add(Duplicate(first_id=kept.id, second_id=twin.id, signs=["name"]))
    db.session.commit()
    return people, kept, twin


def fresh(listing: Listing) -> Any:
    return db.session.get_one(Listing, listing.id, populate_existing=True)


def test_the_fuller_listing_is_kept_unless_one_says_otherwise(app_on: Flask) -> None:
    _people, kept, twin = twins()
    assert compare(twin, kept).kept is kept
    assert compare(twin, kept, keep=twin.id).kept is twin


def test_the_usual_choice_loses_nothing(app_on: Flask) -> None:
    _people, kept, twin = twins()
    usual = {choice.name: choice.usual for choice in compare(kept, twin).choices}
    assert usual["summary"] == "kept"
    assert usual["url"] == "merged"
    assert usual["keywords"] == "both"


def test_merging_takes_over_what_was_chosen_and_is_written_down(app_on: Flask) -> None:
    people, kept, twin = twins()
    client = client_of(app_on, people.moderator)
    address = f"/moderate/duplicates/{kept.id}/{twin.id}"
    assert "Light microscopy for all" in client.get(address).text
    assert press(client, address, "merge", **{"field-summary": "merged"}).location == "/moderate/queues/duplicates"
    facility = fresh(kept)
    assert (facility.summary, facility.url) == ("We image", "https://lumen.example.org")
    assert facility.keywords == ["confocal", "light sheet"]
    assert fresh(twin).status == Status.MERGED
    decision = db.session.query(Decision).one()
    assert (decision.act, decision.listing_name, decision.reason) == (
        DecisionAct.MERGED, "Lumen Imaging Facility", "Lumen Imaging",
    )  # fmt: skip
    assert counts()[Queue.DUPLICATES] == 0
    assert client_of(app_on, None).get(twin.path).location.endswith(kept.path)


def test_a_merge_is_undone_from_the_list_of_merges(app_on: Flask) -> None:
    people, kept, twin = twins()
    client = client_of(app_on, people.moderator)
    press(client, f"/moderate/duplicates/{kept.id}/{twin.id}", "merge")
    assert "Lumen Imaging Facility" in client.get("/moderate/merges").text
    assert press(client, "/moderate/merges", "").status_code == 405
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', client.get("/moderate/merges").text)
    assert token is not None
    client.post("/moderate/merges/1/undo", data={"csrf_token": token[1]})
    assert fresh(twin).status == Status.PUBLISHED
    assert fresh(kept).url == ""
    assert "Undone" in client.get("/moderate/merges").text
    client.post("/moderate/merges/1/undo", data={"csrf_token": token[1]})
    assert "undone already" in client.get("/moderate/merges").text
    assert [each.act for each in db.session.query(Decision)] == [DecisionAct.MERGED, DecisionAct.UNMERGED]


def test_two_that_are_not_the_same_are_not_proposed_again(app_on: Flask) -> None:
    people, kept, twin = twins()
    client = client_of(app_on, people.moderator)
    assert press(client, f"/moderate/duplicates/{kept.id}/{twin.id}", "different").status_code == 303
    assert db.session.query(Duplicate).one().state == PairState.DIFFERENT
    assert counts()[Queue.DUPLICATES] == 0
    assert fresh(twin).status == Status.PUBLISHED


def test_a_listing_that_changed_meanwhile_is_looked_at_again(app_on: Flask) -> None:
    people, kept, twin = twins()
    client = client_of(app_on, people.moderator)
    address = f"/moderate/duplicates/{kept.id}/{twin.id}"
    answer = press(client, address, "merge", mark="1.1-2.2")
    assert answer.status_code == 422
    assert "has been changed while you looked" in answer.text
    assert fresh(twin).status == Status.PUBLISHED


def test_listings_of_different_kinds_cannot_be_merged(app: Flask) -> None:
    people, kept, _twin = twins()
    client = client_of(app, people.moderator)
    address = f"/moderate/duplicates/{kept.id}/{people.microscope.id}"
    page = client.get(address).text
    assert "same kind" in page
    assert 'value="merge"' not in page
    assert press(client, address, "merge").status_code == 422


def test_two_addresses_lead_to_the_comparison(app: Flask) -> None:
    people, kept, twin = twins()
    client = client_of(app, people.moderator)
    two = client.get(
        "/moderate/duplicates", query_string={"first": f"http://x.test{kept.path}", "second": str(twin.id)}
    )
    assert two.location == f"/moderate/duplicates/{kept.id}/{twin.id}"
    assert client.get(f"/moderate/duplicates/{kept.id}/{kept.id}").status_code == 404
    for wrong in ("/", "nothing", kept.path):
        answer = client.get("/moderate/duplicates", query_string={"first": kept.path, "second": wrong})
        assert answer.location == "/moderate/queues/duplicates"


def test_the_page_names_who_would_get_a_right_on_the_kept_listing(app: Flask) -> None:
    people, kept, twin = twins()
    desk, address = client_of(app, people.moderator), f"/moderate/duplicates/{kept.id}/{twin.id}"
    assert "Who gets a right" not in desk.get(address).text
    add_user("Foun Der", manager_of=twin)
    page = desk.get(address).text
    assert "Who gets a right" in page
    assert "Foun Der (foun.der@example.org)" in page


def test_a_right_that_somebody_got_meanwhile_is_looked_at_before_a_merge_hands_it_on(app_on: Flask) -> None:
    people, kept, twin = twins()
    client, address = client_of(app_on, people.moderator), f"/moderate/duplicates/{kept.id}/{twin.id}"
    seen = dict(re.findall(r'name="(mark)"[^>]*value="([^"]*)"', client.get(address).text))
    founder = add_user("Foun Der", editor_of=twin)
    answer = press(client, address, "merge", **seen)
    assert answer.status_code == 422
    assert "Foun Der" in answer.text
    assert fresh(twin).status == Status.PUBLISHED
    seen = dict(re.findall(r'name="(mark)"[^>]*value="([^"]*)"', answer.text))
    db.session.query(Grant).filter_by(user_id=founder.id).update({"role": OwnerRole.MANAGER})
    db.session.commit()
    assert press(client, address, "merge", **seen).status_code == 422
    assert press(client, address, "merge").status_code == 303


def test_the_page_costs_a_fixed_number_of_statements(app: Flask) -> None:
    people, kept, twin = twins()
    client = client_of(app, people.moderator)
    with statements() as sent:
        assert client.get(f"/moderate/duplicates/{kept.id}/{twin.id}").status_code == 200
    assert len(sent) <= 60


def test_several_values_are_read_as_one_list(app: Flask) -> None:
    people = cast()
    other = add(Kind.FACILITY, "Lumen Imaging", access={"groups": ["academia", "companies"], "modes": ["remote"]})
    page = client_of(app, people.moderator).get(f"/moderate/duplicates/{people.facility.id}/{other.id}").text
    assert "Academia, Companies" in page
