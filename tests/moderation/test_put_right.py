"""Whoever decides puts right what waits, in all sections of the owners' forms, and then accepts it."""

import pytest
from flask import Flask

from facilities.accounts.models import User
from facilities.catalogue.models import Listing, Review, Status
from facilities.db import db
from facilities.moderation.decisions import accept, case_of, send_back
from facilities.moderation.models import Decision, DecisionAct, Proposal, ProposalState
from tests.counting import statements
from tests.manage.forms import Editor
from tests.manage.owners import found, said
from tests.moderation.cast import Cast, cast, hand_in, letters, propose


def sections(listing: Listing, name: str = "") -> str:
    return f"/manage/reviews/{listing.id}/sections" + (f"/{name}" if name else "")


def anew(people: Cast, listing: Listing, name: str = "moderator") -> tuple[Listing, User]:
    """The listing and somebody of the cast, read after the requests of a client."""
    return found(listing), db.session.get_one(User, getattr(people, name).id)


def acts() -> list[DecisionAct]:
    return [each.act for each in db.session.query(Decision).order_by(Decision.id)]


def test_what_is_put_right_waits_with_the_proposal_and_stays_its_authors(app_on: Flask) -> None:
    people = cast()
    propose(people.microscope, people.editor, manufacturer="Zeis", description="For live cells.")
    desk = Editor(app_on, people.moderator)
    answer = desk.save(sections(people.microscope, "basics"), manufacturer="Carl Zeiss")
    assert (answer.status_code, answer.location) == (303, sections(people.microscope))
    assert "Saved into what waits" in desk.client.get(answer.location).text
    answer = desk.save(sections(people.microscope, "access"), groups=["academia"])
    assert answer.status_code == 303
    assert said(people.microscope, "manufacturer") == "Zeiss"
    proposal = db.session.query(Proposal).one()
    assert (proposal.state, proposal.made_by) == (ProposalState.WAITING, "Edit Or")
    listing, moderator = anew(people, people.microscope)
    accept(case_of(listing), by=moderator)
    now = said(people.microscope)
    assert (now["manufacturer"], now["description"]) == ("Carl Zeiss", "For live cells.")
    assert now["access"]["groups"] == ["academia"]
    assert acts() == [DecisionAct.ACCEPTED_EDITED]
    assert [letter.to for letter in letters("decision_accepted")] == [people.editor.email]


def test_a_new_listing_is_put_right_in_place(app_on: Flask) -> None:
    people = cast()
    scope = hand_in("Stellaris 8", people.editor, parent=people.facility)
    desk = Editor(app_on, people.moderator)
    assert desk.save(sections(scope, "basics"), manufacturer="Leica").status_code == 303
    assert (found(scope).status, said(scope, "manufacturer")) == (Status.IN_REVIEW, "Leica")
    listing, moderator = anew(people, scope)
    accept(case_of(listing), by=moderator)
    assert acts() == [DecisionAct.ACCEPTED_EDITED]


def test_what_its_author_changed_again_was_not_put_right(app_on: Flask) -> None:
    people = cast()
    propose(people.microscope, people.editor, manufacturer="Zeis")
    Editor(app_on, people.moderator).save(sections(people.microscope, "basics"), manufacturer="Carl Zeiss")
    listing, editor = anew(people, people.microscope, "editor")
    propose(listing, editor, manufacturer="Carl Zeiss AG")
    listing, moderator = anew(people, people.microscope)
    accept(case_of(listing), by=moderator)
    assert acts() == [DecisionAct.ACCEPTED]


def test_what_was_put_right_to_what_visitors_read_still_waits_for_the_decision(app: Flask) -> None:
    people = cast()
    propose(people.microscope, people.editor, manufacturer="Zeis")
    desk = Editor(app, people.moderator)
    desk.save(sections(people.microscope, "basics"), manufacturer="Zeiss")
    assert db.session.query(Proposal).one().state == ProposalState.WAITING
    assert "Nothing is different any more." in desk.client.get(f"/manage/reviews/{people.microscope.id}").text


@pytest.mark.parametrize("new", [True, False])
def test_the_decision_leads_to_all_sections_and_each_leads_back(app: Flask, new: bool) -> None:
    people = cast()
    listing = hand_in("Stellaris 8", people.editor, parent=people.facility) if new else people.microscope
    if not new:
        propose(listing, people.editor, access={"groups": ["academia"]})
    desk = Editor(app, people.moderator).client
    assert f'href="{sections(listing)}"' in desk.get(f"/manage/reviews/{listing.id}").text
    for name in ("", "basics", "media"):
        page = desk.get(sections(listing, name)).text
        assert "You are reviewing" in page
        assert f'href="/manage/reviews/{listing.id}">Back to the decision' in page
        assert f"/manage/listings/{listing.id}/edit" not in page
        assert "confirm the listing" not in page


def test_a_collision_is_settled_within_the_decision(app: Flask) -> None:
    people = cast()
    propose(people.microscope, people.editor, manufacturer="Zeis")
    desk, path = Editor(app, people.moderator), sections(people.microscope, "basics")
    form = desk.open(path)
    listing, editor = anew(people, people.microscope, "editor")
    propose(listing, editor, manufacturer="Zeiss Group")
    answer = desk.send(path, form, manufacturer="Carl Zeiss")
    assert answer.status_code == 409
    assert f'action="{path}"' in answer.text
    assert "Back to the decision" in answer.text


def test_after_somebody_else_has_decided_nothing_is_saved(app: Flask) -> None:
    people = cast()
    propose(people.microscope, people.editor, manufacturer="Zeis")
    desk, path = Editor(app, people.moderator), sections(people.microscope, "basics")
    form = desk.open(path)
    listing, moderator = anew(people, people.microscope)
    send_back(case_of(listing), reason="Which one?", by=moderator)
    answer = desk.send(path, form, manufacturer="Carl Zeiss")
    assert (answer.status_code, answer.location) == (303, f"/manage/reviews/{people.microscope.id}")
    page = desk.client.get("/moderate/queues/changed")
    assert "what you wrote was not saved" in page.text
    assert said(people.microscope, "manufacturer") == "Zeiss"
    assert db.session.query(Proposal).one().state == ProposalState.SENT_BACK
    assert desk.client.get(sections(people.microscope)).location == f"/manage/reviews/{people.microscope.id}"


def test_a_manager_puts_right_where_managers_decide(app: Flask) -> None:
    people = cast(Review.MANAGER)
    propose(people.microscope, people.editor, manufacturer="Zeis")
    assert Editor(app, people.editor).client.get(sections(people.microscope)).status_code == 403
    answer = Editor(app, people.manager).save(sections(people.microscope, "basics"), manufacturer="Carl Zeiss")
    assert answer.status_code == 303
    assert said(people.microscope, "manufacturer") == "Zeiss"


def test_the_forms_of_a_decision_cost_little(app: Flask) -> None:
    people = cast()
    propose(people.microscope, people.editor, manufacturer="Zeis")
    desk = Editor(app, people.moderator).client
    for name, most in (("", 30), ("basics", 20)):
        desk.get(sections(people.microscope, name))
        with statements() as sent:
            assert desk.get(sections(people.microscope, name)).status_code == 200
        assert len(sent) <= most, "\n".join(sent)
