"""Deciding about new and changed listings: what becomes public, who is told, what is written down."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from facilities.catalogue.actions import update_listing
from facilities.catalogue.models import Kind, Review, Revision, RevisionAct, Status
from facilities.db import db
from facilities.moderation.decisions import ChangedMeanwhile, NothingWaits, accept, case_of, reject, send_back
from facilities.moderation.models import Decision, DecisionAct, Proposal, ProposalState
from facilities.outbox.models import Job
from facilities.search.index import index
from search_index import Query
from tests.counting import statements
from tests.listings import add
from tests.moderation.cast import Cast, cast, hand_in, letters, propose
from tests.moderation.deciding import decide, fresh, hidden, hidden_token
from tests.people import add_user, client_of


def decisions() -> list[tuple[DecisionAct, str, str]]:
    return [(each.act, each.listing_name, each.made_by) for each in db.session.query(Decision).order_by(Decision.id)]


def found(text: str) -> set[int]:
    return set(index().search(Query(text=text)).ids)


def test_an_accepted_change_is_public_searchable_written_down_and_told_to_its_author(app_on: Flask) -> None:
    people = cast()
    propose(people.microscope, people.editor, description="Sees single molecules, nanofringe included.")
    assert found("nanofringe") == set()
    answer = decide(client_of(app_on, people.moderator), people.microscope, "accept")
    assert answer.status_code == 303
    microscope = fresh(people.microscope)
    assert "nanofringe" in microscope.description
    assert found("nanofringe") == {microscope.id}
    last = microscope.revisions[-1]
    assert (last.made_by, last.note) == ("Edit Or", "Mode Rator")
    assert decisions() == [(DecisionAct.ACCEPTED, "Zeiss LSM 880", "Mode Rator")]
    [letter] = letters("decision_accepted")
    assert letter.to == people.editor.email
    assert microscope.path in letter.text


def test_an_accepted_new_listing_is_public(app_on: Flask) -> None:
    people = cast()
    scope = hand_in("Stellaris 8", people.editor, parent=people.facility)
    client = client_of(app_on, people.moderator)
    assert client_of(app_on, None).get(scope.path).status_code == 404
    assert decide(client, scope, "accept").status_code == 303
    assert client_of(app_on, None).get(scope.path).status_code == 200
    assert found("Stellaris") == {scope.id}


def test_what_is_sent_back_waits_for_its_author_with_the_reason(app_on: Flask) -> None:
    people = cast()
    propose(people.microscope, people.editor, summary="Best ever!")
    client = client_of(app_on, people.moderator)
    answer = decide(client, people.microscope, "send_back", usual="advertisement", reason="And shorter.")
    assert answer.status_code == 303
    proposal = db.session.query(Proposal).one()
    assert proposal.state == ProposalState.SENT_BACK
    assert proposal.reason == "Describe what it does and for whom, without advertising.\nAnd shorter."
    [letter] = letters("decision_sent_back")
    assert "And shorter." in letter.text
    assert f"/manage/listings/{people.microscope.id}/edit" in letter.text
    assert fresh(people.microscope).summary == ""


def test_a_new_listing_that_is_sent_back_is_a_draft_again(app_on: Flask) -> None:
    people = cast()
    scope = hand_in("Stellaris 8", people.editor, parent=people.facility)
    decide(client_of(app_on, people.moderator), scope, "send_back", reason="Where is it?")
    scope = fresh(scope)
    assert scope.status == Status.DRAFT
    assert scope.revisions[-1].note == "Where is it?"
    assert [letter.to for letter in letters("decision_sent_back")] == [people.editor.email]


def test_what_is_rejected_never_becomes_public(app_on: Flask) -> None:
    people = cast()
    scope = hand_in("My car", people.editor, parent=people.facility)
    propose(people.microscope, people.editor, summary="Mine")
    client = client_of(app_on, people.moderator)
    decide(client, scope, "reject", usual="foreign")
    decide(client, people.microscope, "reject", reason="No.")
    assert fresh(scope).status == Status.ARCHIVED
    assert fresh(people.microscope).summary == ""
    assert db.session.query(Proposal).one().state == ProposalState.REJECTED
    assert len(letters("decision_rejected")) == 2


def test_a_reason_has_to_be_given_and_what_was_typed_stays(app: Flask) -> None:
    people = cast()
    propose(people.microscope, people.editor, summary="Sharper")
    client = client_of(app, people.moderator)
    answer = decide(client, people.microscope, "send_back", reason=" ")
    assert answer.status_code == 422
    assert "Tick a reason or write one" in answer.text
    long = "x" * 4001
    answer = decide(client, people.microscope, "reject", reason=long)
    assert answer.status_code == 422
    assert long in answer.text
    assert decisions() == []


def test_decision_letter_and_change_are_one_commit(app_on: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    people = cast()
    propose(people.microscope, people.editor, summary="Sharper")
    jobs = db.session.query(Job).count()

    def broken() -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(db.session, "commit", broken)
    with pytest.raises(RuntimeError):
        accept(case_of(people.microscope), by=people.moderator)
    monkeypatch.undo()
    db.session.rollback()
    assert fresh(people.microscope).summary == ""
    assert decisions() == []
    assert letters("decision_accepted") == []
    assert db.session.query(Job).count() == jobs


def test_what_has_changed_since_it_was_looked_at_is_not_decided(app_on: Flask) -> None:
    people = cast()
    propose(people.microscope, people.editor, summary="Sharper")
    client = client_of(app_on, people.moderator)
    seen = hidden(client.get(f"/manage/reviews/{people.microscope.id}").text)
    propose(people.microscope, people.editor, summary="Sharpest")
    answer = client.post(f"/manage/reviews/{people.microscope.id}", data=seen | {"act": "accept"})
    assert answer.status_code == 422
    assert "has been changed while you looked" in answer.text
    assert "Sharpest" in answer.text
    assert fresh(people.microscope).summary == ""
    with pytest.raises(ChangedMeanwhile):
        case_of(fresh(people.microscope), seen=seen["mark"])


def test_a_decision_is_made_once(app_on: Flask) -> None:
    people = cast()
    propose(people.microscope, people.editor, summary="Sharper")
    first, second = client_of(app_on, people.moderator), client_of(app_on, people.moderator)
    seen = hidden(first.get(f"/manage/reviews/{people.microscope.id}").text)
    decide(second, people.microscope, "accept")
    answer = first.post(f"/manage/reviews/{people.microscope.id}", data=seen | {"act": "reject", "reason": "No"})
    assert answer.status_code == 303
    assert answer.location == "/moderate/queues/changed"
    assert [act for act, _name, _by in decisions()] == [DecisionAct.ACCEPTED]
    with pytest.raises(NothingWaits):
        case_of(fresh(people.microscope))


def test_the_page_warns_of_fields_that_somebody_else_has_changed(app: Flask) -> None:
    people = cast()
    propose(people.microscope, people.editor, summary="Sharper")
    update_listing(people.microscope, {"summary": "Blurrier"}, by=people.moderator.actor)
    page = client_of(app, people.moderator).get(f"/manage/reviews/{people.microscope.id}").text
    assert "Somebody else has changed the same fields" in page
    assert "Blurrier" in page


def test_the_page_warns_of_listings_that_look_the_same(app: Flask) -> None:
    people = cast()
    twin = hand_in(
        "Zeiss LSM 880", people.editor, parent=people.facility, manufacturer="Zeiss", model="LSM 880", country="SE"
    )
    page = client_of(app, people.moderator).get(f"/manage/reviews/{twin.id}").text
    assert f"/moderate/duplicates/{twin.id}/{people.microscope.id}" in page


def test_the_page_costs_a_fixed_number_of_statements(app: Flask) -> None:
    people = cast()
    propose(people.microscope, people.editor, summary="Sharper", keywords=["a"], techniques=[], prices=[])
    client = client_of(app, people.moderator)
    with statements() as sent:
        client.get(f"/manage/reviews/{people.microscope.id}")
    assert len(sent) <= 40


def test_after_a_decision_comes_what_waits_next(app: Flask) -> None:
    people = cast()
    scopes = [hand_in(f"Scope {number}", people.editor, parent=people.facility) for number in range(3)]
    client = client_of(app, people.moderator)
    assert decide(client, scopes[0], "accept").location == f"/manage/reviews/{scopes[1].id}"
    assert decide(client, scopes[2], "accept").location == f"/manage/reviews/{scopes[1].id}"
    assert decide(client, scopes[1], "accept").location == "/moderate/queues/new"


def test_proposed_texts_can_be_put_right_and_accepted_at_once(app_on: Flask) -> None:
    people = cast()
    texts = {"sv": {"name": "Mikroskop", "summary": "Skarpt"}}
    propose(people.microscope, people.editor, summary="Sharpr", texts=texts, keywords=["confocal"])
    client = client_of(app_on, people.moderator)
    address = f"/manage/reviews/{people.microscope.id}/edit"
    page = client.get(address)
    assert "Sharpr" in page.text
    said = {"summary": "Sharper", "texts-sv-name": "Mikroskop", "texts-sv-summary": "Skarpare", "act": "accept"}
    assert client.post(address, data=hidden(page.text) | said).status_code == 303
    microscope = fresh(people.microscope)
    assert microscope.summary == "Sharper"
    assert microscope.texts[0].summary == "Skarpare"
    assert microscope.keywords == ["confocal"]
    assert [act for act, _name, _by in decisions()] == [DecisionAct.ACCEPTED_EDITED]
    assert "with small changes" in letters("decision_accepted")[0].text


def test_a_name_cannot_be_put_right_to_nothing(app: Flask) -> None:
    people = cast()
    propose(people.microscope, people.editor, name="LSM 880 NLO")
    client = client_of(app, people.moderator)
    address = f"/manage/reviews/{people.microscope.id}/edit"
    answer = client.post(address, data=hidden(client.get(address).text) | {"name": " ", "act": "accept"})
    assert answer.status_code == 422
    assert "Enter a name" in answer.text


def test_a_manager_decides_where_the_organisation_says_so_and_only_there(app_on: Flask) -> None:
    people = cast(Review.MANAGER)
    propose(people.microscope, people.editor, summary="Sharper")
    client = client_of(app_on, people.manager)
    answer = decide(client, people.microscope, "accept")
    assert answer.location == "/manage/reviews?queue=changed"
    assert fresh(people.microscope).summary == "Sharper"
    university = fresh(people.university)
    university.review = Review.DESK
    db.session.commit()
    propose(fresh(people.microscope), people.editor, summary="Sharpest")
    assert client.get(f"/manage/reviews/{people.microscope.id}").status_code == 403


def test_an_editor_decides_nothing(app: Flask) -> None:
    people = cast(Review.MANAGER)
    propose(people.microscope, people.editor, summary="Sharper")
    client = client_of(app, people.editor)
    address = f"/manage/reviews/{people.microscope.id}"
    assert client.get(address).status_code == 403
    mark = case_of(fresh(people.microscope)).mark
    data = {"csrf_token": hidden_token(client), "mark": mark, "act": "accept"}
    assert client.post(address, data=data).status_code == 403
    assert fresh(people.microscope).summary == ""


def test_nobody_gets_a_letter_about_their_own_decision(app_on: Flask) -> None:
    people = cast()
    scope = hand_in("Desk's own", people.moderator, parent=people.facility)
    accept(case_of(scope), by=people.moderator)
    assert letters("decision_accepted") == []


def tick(people: Cast, client: FlaskClient, queue: str, act: str, **fields: Any) -> TestResponse:
    """Tick all of a queue and press a button."""
    page = client.get(f"/moderate/queues/{queue}").text
    ticked = re.findall(r'name="listing" value="([^"]+)"', page)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)
    data = {"csrf_token": token[1] if token else "", "queue": queue, "listing": ticked, "act": act}
    return client.post("/manage/reviews", data=data | fields, follow_redirects=False)


def test_several_are_accepted_at_once_and_overtaken_ones_are_left_and_named(app_on: Flask) -> None:
    people = cast()
    others = [add(Kind.INSTRUMENT, f"Balance {number}", parent=people.facility) for number in range(3)]
    for listing in others:
        propose(listing, people.editor, summary="Precise")
    update_listing(others[1], {"summary": "Rough"}, by="somebody")
    client = client_of(app_on, people.moderator)
    assert tick(people, client, "changed", "accept").status_code == 303
    assert [fresh(each).summary for each in others] == ["Precise", "Rough", "Precise"]
    page = client.get("/moderate/queues/changed").text
    assert "2 listings accepted" in page
    assert "Balance 1 (somebody else has changed the same fields since)" in page
    assert len(letters("decision_accepted")) == 2


def test_several_are_sent_back_at_once_with_one_reason(app_on: Flask) -> None:
    people = cast()
    scopes = [hand_in(f"Scope {number}", people.editor, parent=people.facility) for number in range(3)]
    client = client_of(app_on, people.moderator)
    answer = tick(people, client, "new", "send_back", reason="")
    assert answer.status_code == 422
    assert [fresh(each).status for each in scopes] == [Status.IN_REVIEW] * 3
    assert tick(people, client, "new", "send_back", reason="Where?").status_code == 303
    assert [fresh(each).status for each in scopes] == [Status.DRAFT] * 3
    assert {each.note for each in db.session.query(Revision).filter_by(act=RevisionAct.SENT_BACK)} == {"Where?"}


def test_a_stranger_cannot_decide_by_ticking(app_on: Flask) -> None:
    people = cast()
    scope = hand_in("Scope", people.editor, parent=people.facility)
    mark = case_of(scope).mark
    client = client_of(app_on, add_user("Stran Ger"))
    token = hidden_token(client)
    data = {"csrf_token": token, "queue": "new", "listing": f"{scope.id}@{mark}", "act": "accept"}
    client.post("/manage/reviews", data=data)
    assert fresh(scope).status == Status.IN_REVIEW


def test_sending_back_and_rejecting_keep_the_public_version(app_on: Flask) -> None:
    people = cast()
    for act in (send_back, reject):
        propose(people.microscope, people.editor, summary="Sharper")
        act(case_of(people.microscope), reason="No", by=people.moderator)
        assert fresh(people.microscope).summary == ""
        db.session.query(Proposal).update({"state": ProposalState.REJECTED})
        db.session.commit()


def test_a_manager_is_not_led_to_the_pages_of_the_desk(app: Flask) -> None:
    people = cast(Review.MANAGER)
    other = hand_in("Zeiss LSM 880", people.editor, parent=people.facility, manufacturer="Zeiss", model="LSM 880")
    page = client_of(app, people.manager).get(f"/manage/reviews/{other.id}").text
    assert "looks like the same thing" in page
    assert "/moderate/" not in page
