"""The owners' inbox: which threads are in it, in which order, narrowed to what; answer templates; the desk's log."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from facilities.accounts.models import User
from facilities.catalogue.models import Listing
from facilities.db import db, now
from facilities.enquiries.models import (
    AnswerTemplate,
    Author,
    EnquiryKind,
    EnquiryStatus,
    Message,
    Stage,
    Thread,
    Turn,
)
from facilities.enquiries.threads.rights import answers_for
from facilities.manage.inbox import Asked, Scope, counts_in, lines_in
from tests.counting import statements
from tests.enquiries.answering import Lab, app, lab, make_lab, text_of
from tests.people import add_user

__all__ = ["app", "lab"]


def asked(lab: Lab, name: str, *listings: Listing, turn: Turn = Turn.OWNER, days: int = 0, **fields: Any) -> Thread:
    """A thread whose side's turn began so many days ago."""
    at = now() - timedelta(days=days)
    thread = lab.ask(*listings, requester_name=name, requester_email=f"{name.lower()}@example.net", **fields).threads[0]
    thread.turn, thread.asked_at = turn, at
    if turn == Turn.OWNER:
        thread.last_requester_at = at
    elif turn == Turn.REQUESTER:
        thread.status, thread.last_owner_at = EnquiryStatus.ANSWERED, at
    else:
        thread.status, thread.closed_at = EnquiryStatus.CLOSED, at
    db.session.commit()
    return thread


def names(user: User, state: str = "ours", **wanted: Any) -> list[str]:
    return [line.requester_name for line in lines_in(Scope(user), Asked(state=state, **wanted))]


@pytest.fixture
def lab_on_each(app_on: Flask) -> Iterator[Lab]:
    return make_lab(app_on)


def test_what_waits_longest_comes_first_and_what_ended_last(lab_on_each: Lab) -> None:
    lab = lab_on_each
    asked(lab, "Young", days=1)
    asked(lab, "Over", turn=Turn.NOBODY, days=30)
    asked(lab, "Theirs", turn=Turn.REQUESTER, days=20)
    asked(lab, "Old", days=9)
    asked(lab, "Just", turn=Turn.NOBODY, days=2)
    assert names(lab.manager) == ["Old", "Young"]
    assert names(lab.manager, "theirs") == ["Theirs"]
    assert names(lab.manager, "ended") == ["Just", "Over"]
    assert names(lab.manager, "all") == ["Old", "Young", "Theirs", "Just", "Over"]
    assert counts_in(Scope(lab.manager), Asked()) == {"ours": 2, "theirs": 1, "ended": 2, "all": 5}


def test_everybody_sees_the_threads_they_may_answer_and_no_others(lab_on_each: Lab) -> None:
    lab = lab_on_each
    left_to_editor = asked(lab, "Left")
    left_to_editor.assigned_to = lab.editor
    at_university = asked(lab, "Above", lab.university)
    received = asked(lab, "Received", lab.university)
    received.recipients[0].email = "Post@example.org"
    postmaster = add_user("Post")
    db.session.commit()
    threads = [left_to_editor, at_university, received]
    for user in (lab.manager, lab.editor, lab.stranger, postmaster, lab.moderator):
        assert set(names(user, "all")) == {
            thread.enquiry.requester_name for thread in threads if answers_for(user, thread)
        }, user.name
    assert names(lab.editor) == ["Left"]
    assert names(postmaster) == ["Received"]
    assert len(lines_in(Scope(lab.moderator, whole_desk=True), Asked())) == 3


def test_it_is_narrowed_to_people_kinds_listings_and_words(lab_on_each: Lab) -> None:
    lab = lab_on_each
    mine = asked(lab, "Ärla", kind=EnquiryKind.QUOTE, question="What does it cost?")
    mine.assigned_to = lab.manager
    db.session.commit()
    asked(lab, "Bo", lab.facility, question="100% sure?")
    assert names(lab.manager, who="mine") == ["Ärla"]
    assert names(lab.manager, who="unassigned") == ["Bo"]
    assert names(lab.manager, kind=EnquiryKind.QUOTE) == ["Ärla"]
    assert names(lab.manager, listing=lab.microscope.id) == ["Ärla"]
    assert set(names(lab.manager, listing=lab.university.id)) == {"Ärla", "Bo"}
    assert names(lab.manager, text="ärla") == ["Ärla"]
    assert names(lab.manager, text="COST") == ["Ärla"]
    assert names(lab.manager, text="100%") == ["Bo"]
    assert names(lab.manager, text="_") == []


def test_words_that_are_held_back_are_neither_shown_nor_found(lab_on_each: Lab) -> None:
    lab = lab_on_each
    thread = asked(lab, "Rita", question="Can you help?", terms="Tell nobody.")
    secret = Message(enquiry_id=thread.enquiry_id, author=Author.REQUESTER, body="Compound X-17", withheld=True)
    db.session.add(secret)
    db.session.commit()
    assert names(lab.manager, text="X-17") == []
    thread.terms_accepted_at = now()
    db.session.commit()
    assert names(lab.manager, text="X-17") == ["Rita"]


def test_what_is_held_and_what_is_spam_is_not_the_owners(lab: Lab) -> None:
    asked(lab, "Held").enquiry.stage = Stage.HELD
    asked(lab, "Spam").status = EnquiryStatus.SPAM
    db.session.commit()
    assert names(lab.manager, "all") == []


def test_the_page_has_a_line_for_each_thread_with_its_address(lab: Lab) -> None:
    enquiry = lab.ask(lab.microscope, lab.facility)
    page = lab.pages(lab.manager).get("/manage/enquiries")
    for thread in enquiry.threads:
        assert f'href="/manage/enquiries/{thread.id}">Rita Researcher' in page.text
    assert "Is it free in May?" in text_of(page)


def test_the_whole_catalogue_is_for_the_desk_only_who_read_no_words_without_opening(lab: Lab) -> None:
    asked(lab, "Far", lab.university)
    desk = lab.pages(lab.moderator)
    whole = text_of(desk.get("/manage/enquiries?all=1"))
    assert "Far" in whole
    assert "Is it free in May?" not in whole
    assert "No enquiry matches" in text_of(desk.get("/manage/enquiries?all=1&q=free+in+May"))
    assert "Far" not in text_of(lab.pages(lab.moderator).get("/manage/enquiries"))
    assert "Far" not in text_of(lab.pages(lab.manager).get("/manage/enquiries?all=1"))


@pytest.mark.parametrize(
    "query", ["state=odd&who=x&kind=y&listing=z&page=0", "q=%00&listing=99999999999", "page=99999"]
)
def test_odd_words_in_the_address_are_left_out(lab: Lab, query: str) -> None:
    asked(lab, "Rita")
    assert lab.pages(lab.manager).get(f"/manage/enquiries?{query}").status_code == 200


def test_the_overview_leads_to_what_waits(lab: Lab) -> None:
    thread = asked(lab, "Rita", days=3)
    asked(lab, "Answered", turn=Turn.REQUESTER)
    page = lab.pages(lab.manager).get("/manage/").text
    assert f'href="/manage/enquiries/{thread.id}"' in page
    assert "Answered" not in page


def test_a_long_inbox_costs_as_much_as_a_short_one(lab: Lab) -> None:
    asked(lab, "First", lab.microscope)
    pages = lab.pages(lab.manager)

    def cost() -> int:
        with statements() as sent:
            assert pages.get("/manage/enquiries?state=all").status_code == 200
        return len(sent)

    short = cost()
    for number in range(8):
        asked(lab, f"N{number}", (lab.microscope, lab.facility)[number % 2])
    assert cost() == short <= 9


def test_templates_are_added_changed_moved_and_removed(lab: Lab) -> None:
    here, pages = f"/manage/listings/{lab.facility.id}/answer-templates", lab.pages(lab.editor)
    for name in ("First", "Second"):
        assert pages.post(here, data={"name": name, "body": f"{name} words"}).status_code == 303

    def kept() -> list[tuple[str, str]]:
        db.session.commit()
        found = db.session.query(AnswerTemplate).order_by(AnswerTemplate.position).all()
        return [(each.name, each.body) for each in found]

    first, second = db.session.query(AnswerTemplate).order_by(AnswerTemplate.position).all()
    pages.post(f"{here}/{second.id}", data={"act": "up"})
    assert [name for name, _body in kept()] == ["Second", "First"]
    pages.post(f"{here}/{first.id}", data={"name": "Renamed", "body": "Other words"})
    pages.post(f"{here}/{second.id}", data={"act": "remove"})
    assert kept() == [("Renamed", "Other words")]


def test_a_template_without_words_comes_back_with_its_name(lab: Lab) -> None:
    page = lab.pages(lab.editor).post(
        f"/manage/listings/{lab.facility.id}/answer-templates", data={"name": "Only a name", "body": " "}
    )
    assert page.status_code == 422
    assert 'value="Only a name"' in page.text
    assert "Write the words of the answer." in page.text


@pytest.mark.parametrize("words", ["{samples}", "{ name }", "{Name}"])
def test_a_template_with_a_word_that_nothing_is_filled_in_for_is_refused(lab: Lab, words: str) -> None:
    here = f"/manage/listings/{lab.facility.id}/answer-templates"
    page = lab.pages(lab.editor).post(here, data={"name": "Welcome", "body": f"Dear {{name}}, send us {words}."})
    assert page.status_code == 422
    said = text_of(page)
    assert f"Nothing is filled in for {words}. Write one of these, or no braces: {{name}}, {{listing}}." in said
    assert f"send us {words}." in said
    assert (
        lab.pages(lab.editor).post(here, data={"name": "Sets", "body": "{name}, {listing}: {1, 2}"}).status_code == 303
    )


def test_the_way_to_the_templates_leaves_a_half_written_answer_open(lab: Lab) -> None:
    page = lab.pages(lab.manager).get(f"/manage/enquiries/{asked(lab, 'Rita').id}").text
    assert re.search(r'<a [^>]*/answer-templates"[^>]*target="_blank"[^>]*>', page)
    assert "(in a new tab)" in page


def test_templates_from_above_are_named_below(lab: Lab) -> None:
    db.session.add(AnswerTemplate(listing=lab.facility, name="From the lab", body="Dear {name}"))
    db.session.commit()
    page = text_of(lab.pages(lab.editor).get(f"/manage/listings/{lab.microscope.id}/answer-templates"))
    assert "From the lab" in page


def test_a_template_of_another_listing_is_not_changed_from_here(lab: Lab) -> None:
    template = AnswerTemplate(listing=lab.university, name="Theirs", body="Words")
    db.session.add(template)
    db.session.commit()
    there = f"/manage/listings/{lab.facility.id}/answer-templates/{template.id}"
    assert lab.pages(lab.editor).post(there, data={"act": "remove"}).status_code == 404


def test_the_desk_reads_what_the_desk_opened(lab: Lab) -> None:
    thread = asked(lab, "Rita")
    desk = lab.pages(lab.moderator)
    desk.get(f"/manage/enquiries/{thread.id}")
    page = text_of(desk.get("/moderate/openings"))
    assert "Question: Zeiss LSM 880" in page
    assert "Mod Erator" in page
