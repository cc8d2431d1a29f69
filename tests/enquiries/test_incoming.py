"""Answers by mail: each is said in its thread once, by whoever was written to, and nothing of it is lost."""

import os
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.accounts.models import Grant, OwnerRole, User
from facilities.catalogue.models import Listing
from facilities.db import db, now
from facilities.enquiries.files import LARGEST_OF_ENQUIRY, path_of
from facilities.enquiries.incoming import filing
from facilities.enquiries.incoming.outcomes import Filed
from facilities.enquiries.models import Author, BlockedSender, Enquiry, EnquiryFile, EnquiryStatus, Stage, Thread, Turn
from facilities.reply_address import Side
from tests.enquiries.arriving import FILE, Arrivals, letter
from tests.enquiry_cast import Catalogue, Visitor, enquiry_to


def stored(app: Flask, thread: Thread) -> Thread:
    with app.app_context():
        return db.session.get_one(Thread, thread.id)


def test_an_owners_letter_is_an_answer_in_the_thread(app: Flask, arrivals: Arrivals, enquiry: Enquiry) -> None:
    to = arrivals.address(Side.MAILBOX, enquiry.recipients[0].id)
    assert isinstance(arrivals.bring(letter(to)), Filed)
    (answer,) = arrivals.said()
    assert (answer.body, answer.author, answer.author_name) == ("Yes, on Tuesday.", Author.OWNER, "Manager")
    thread = stored(app, enquiry.threads[0])
    assert (thread.status, thread.turn) == (EnquiryStatus.ANSWERED, Turn.REQUESTER)
    assert arrivals.letters("answer") == [enquiry.requester_email]


def test_the_same_letter_again_is_not_said_again(arrivals: Arrivals, enquiry: Enquiry) -> None:
    answer = letter(arrivals.address(Side.MAILBOX, enquiry.recipients[0].id))
    answer.add_attachment(FILE, maintype="text", subtype="csv", filename="samples.csv")
    assert arrivals.bring(answer) == arrivals.bring(answer)
    assert len(arrivals.said()) == 1
    assert arrivals.letters("answer") == [enquiry.requester_email]


def test_a_letter_without_an_id_is_recognised_too(arrivals: Arrivals, enquiry: Enquiry) -> None:
    answer = letter(arrivals.address(Side.MAILBOX, enquiry.recipients[0].id))
    del answer["Message-ID"]
    assert arrivals.bring(answer) == arrivals.bring(answer)
    assert len(arrivals.said()) == 1


def test_an_answer_to_a_letter_about_two_listings_is_said_in_both_threads(
    arrivals: Arrivals, visitor: Visitor, catalogue: Catalogue
) -> None:
    enquiry = visitor.enquiry(visitor.sent(catalogue.microscope, catalogue.facility))
    arrivals.bring(letter(arrivals.address(Side.MAILBOX, enquiry.recipients[0].id)))
    assert sorted(each.thread_id or 0 for each in arrivals.said()) == [thread.id for thread in enquiry.threads]


def test_an_answer_in_one_thread_is_not_seen_in_the_other(
    arrivals: Arrivals, visitor: Visitor, catalogue: Catalogue
) -> None:
    enquiry = visitor.enquiry(visitor.sent(catalogue.microscope, catalogue.facility))
    arrivals.bring(letter(arrivals.address(Side.RECIPIENT, enquiry.recipients[1].id)))
    assert [each.thread_id for each in arrivals.said()] == [enquiry.recipients[1].thread_id]


def test_the_requesters_letter_goes_to_the_owners_and_proves_the_address(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry
) -> None:
    arrivals.bring(letter(arrivals.address(Side.REQUESTER, enquiry.threads[0].id), sender=enquiry.requester_email))
    assert [(each.author, each.author_name) for each in arrivals.said()] == [(Author.REQUESTER, "Anna Berg")]
    assert arrivals.letters("reply") == [each.email for each in enquiry.recipients]
    with app.app_context():
        assert db.session.get_one(Enquiry, enquiry.id).verified_at is not None


def test_an_answer_to_the_receipt_is_said_to_all_that_were_asked(
    arrivals: Arrivals, visitor: Visitor, catalogue: Catalogue
) -> None:
    enquiry = visitor.enquiry(visitor.sent(catalogue.microscope, catalogue.orphan))
    arrivals.bring(
        letter(arrivals.address(Side.REQUESTER_TO_ALL, enquiry.id), "It is urgent.", sender=enquiry.requester_email)
    )
    assert sorted(each.thread_id or 0 for each in arrivals.said()) == [thread.id for thread in enquiry.threads]


def test_while_the_desk_holds_an_enquiry_its_owners_get_no_letter(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry
) -> None:
    with app.app_context():
        db.session.get_one(Enquiry, enquiry.id).stage = Stage.HELD
        db.session.commit()
    arrivals.bring(
        letter(arrivals.address(Side.REQUESTER_TO_ALL, enquiry.id), "It is urgent.", sender=enquiry.requester_email)
    )
    assert [each.body for each in arrivals.said()] == ["It is urgent."]
    assert arrivals.letters("reply") == []


def test_what_is_added_to_a_need_that_nobody_has_been_asked_about_waits_with_it(app: Flask, arrivals: Arrivals) -> None:
    with app.app_context():
        need = enquiry_to(question="We look for a provider.")
        need.stage = Stage.TO_MATCH
        db.session.add(need)
        db.session.commit()
        more = letter(arrivals.address(Side.REQUESTER_TO_ALL, need.id), "And in May.", sender=need.requester_email)
        more.add_attachment(FILE, maintype="text", subtype="csv", filename="samples.csv")
        assert arrivals.bring(more) == arrivals.bring(more)
    with app.app_context():
        first, said = db.session.get_one(Enquiry, need.id).messages
        assert (first.body, said.body) == ("We look for a provider.", "And in May.")
        assert [each.name for each in said.files] == ["samples.csv"]


def test_a_need_takes_no_more_letters_in_an_hour_than_a_thread_and_none_once_nobody_was_asked(
    app: Flask, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filing, "MOST_IN_AN_HOUR", 2)
    with app.app_context():
        need = enquiry_to(question="We look for a provider.")
        need.stage = Stage.TO_MATCH
        db.session.add(need)
        db.session.commit()
    to = arrivals.address(Side.REQUESTER_TO_ALL, need.id)
    codes = [arrivals.bring(letter(to, Message_ID=f"<{each}@x>")).code for each in range(3)]
    assert codes == [os.EX_OK, os.EX_OK, os.EX_TEMPFAIL]
    with app.app_context():
        db.session.get_one(Enquiry, need.id).stage = Stage.DROPPED
        db.session.commit()
    assert arrivals.bring(letter(to, Message_ID="<late@x>")).code == os.EX_NOUSER


def test_of_a_blocked_sender_owners_get_no_letter_any_more(app: Flask, arrivals: Arrivals, enquiry: Enquiry) -> None:
    with app.app_context():
        db.session.add(BlockedSender(pattern=enquiry.requester_email))
        db.session.commit()
    arrivals.bring(letter(arrivals.address(Side.REQUESTER, enquiry.threads[0].id), sender=enquiry.requester_email))
    assert len(arrivals.said()) == 1
    assert arrivals.letters("reply") == []


def test_whoever_answers_from_another_address_is_named_with_it(arrivals: Arrivals, enquiry: Enquiry) -> None:
    to = arrivals.address(Side.MAILBOX, enquiry.recipients[0].id)
    arrivals.bring(letter(to, sender="Per Persson <per@example.com>"))
    assert [each.author_name for each in arrivals.said()] == ["Manager (per@example.com)"]


def test_an_answer_to_all_does_not_make_one_side_of_the_other(app: Flask, arrivals: Arrivals, enquiry: Enquiry) -> None:
    """The requester who answers the owner's letter and everybody it went to writes to the owner's address too."""
    owners = arrivals.address(Side.MAILBOX, enquiry.recipients[0].id)
    requesters = arrivals.address(Side.REQUESTER, enquiry.threads[0].id)
    arrivals.bring(letter(owners, "Thank you!", sender=enquiry.requester_email, Message_ID="<1@x>"))
    arrivals.bring(letter(requesters, "You are welcome.", sender="Light@example.org", Message_ID="<2@x>"))
    assert arrivals.said() == []
    assert [note.body for note in arrivals.said(internal=True)] == ["Thank you!", "You are welcome."]
    assert arrivals.letters("answer") + arrivals.letters("reply") == []
    assert stored(app, enquiry.threads[0]).first_answered_at is None


def test_a_colleague_speaks_only_while_they_may(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry, catalogue: Catalogue
) -> None:
    with app.app_context():
        user = User(email="carl@example.org", name="Carl", password="", fs_uniquifier="carl", active=True)
        user.grants = [Grant(listing=db.session.get_one(Listing, catalogue.facility), role=OwnerRole.MANAGER)]
        db.session.add(user)
        db.session.commit()
        user_id, grant = user.id, user.grants[0]
        to = arrivals.address(Side.COLLEAGUE, enquiry.threads[0].id, user_id)
        arrivals.bring(letter(to, sender="carl@example.org"))
        db.session.delete(grant)
        db.session.commit()
    late = arrivals.bring(letter(to, sender="carl@example.org", Message_ID="<2@example.org>"))
    assert late.code == os.EX_NOUSER
    assert [(each.author_name, each.user_id) for each in arrivals.said()] == [("Carl", user_id)]


def test_what_is_addressed_to_nobody_is_given_back(arrivals: Arrivals, enquiry: Enquiry) -> None:
    signed = arrivals.address(Side.REQUESTER, enquiry.threads[0].id)
    forged = signed.replace(f"r{enquiry.threads[0].id}.", "r999.")
    for to in ("reply@catalogue.test", forged, "somebody@example.org", arrivals.address(Side.REQUESTER, 999)):
        assert arrivals.bring(letter(to)).code == os.EX_NOUSER
    assert arrivals.said() == []


def test_the_envelope_is_believed_before_the_header(arrivals: Arrivals, enquiry: Enquiry) -> None:
    to = arrivals.address(Side.MAILBOX, enquiry.recipients[0].id)
    arrivals.bring(letter("everybody@example.org", Delivered_To=to.upper()))
    assert len(arrivals.said()) == 1


def test_files_come_along_and_what_cannot_be_taken_is_named(app: Flask, arrivals: Arrivals, enquiry: Enquiry) -> None:
    answer = letter(arrivals.address(Side.MAILBOX, enquiry.recipients[0].id))
    answer.add_attachment(FILE, maintype="text", subtype="csv", filename="samples.csv")
    answer.add_attachment(b"MZ\x90\x00", maintype="application", subtype="x-dosexec", filename="setup.exe")
    arrivals.bring(answer)
    (said,) = arrivals.said()
    with app.app_context():
        files = list(db.session.scalars(sa.select(EnquiryFile)))
        assert [(each.name, each.message_id, path_of(each).read_bytes()) for each in files] == [
            ("samples.csv", said.id, FILE)
        ]
    assert "setup.exe" in said.body
    assert "samples.csv" not in said.body


def test_a_letter_is_filed_without_files_for_which_there_is_no_room(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry
) -> None:
    with app.app_context():
        large = EnquiryFile(enquiry_id=enquiry.id, name="a.pdf", media_type="application/pdf", stored_as="a")
        large.size = LARGEST_OF_ENQUIRY
        db.session.add(large)
        db.session.commit()
    answer = letter(arrivals.address(Side.MAILBOX, enquiry.recipients[0].id))
    answer.add_attachment(FILE, maintype="text", subtype="csv", filename="samples.csv")
    arrivals.bring(answer)
    (said,) = arrivals.said()
    assert said.body.startswith("Yes, on Tuesday.")
    assert "samples.csv" in said.body
    with app.app_context():
        assert db.session.scalars(sa.select(EnquiryFile.name)).all() == ["a.pdf"]


def test_an_out_of_office_answer_is_a_note_once_a_day_and_no_answer(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry
) -> None:
    to = arrivals.address(Side.MAILBOX, enquiry.recipients[0].id)
    for number in range(3):
        away = letter(to, "I am away until 3 May.", Auto_Submitted="auto-replied", Message_ID=f"<{number}@example.org>")
        assert arrivals.bring(away).code == os.EX_OK
    assert arrivals.said() == []
    assert arrivals.letters("answer") == []
    (note,) = arrivals.said(internal=True)
    assert "I am away until 3 May." in note.body
    assert stored(app, enquiry.threads[0]).turn == Turn.OWNER
    tomorrow = letter(to, "Still away.", Auto_Submitted="auto-replied", Message_ID="<9@example.org>")
    arrivals.bring(tomorrow, at=now() + timedelta(days=1, minutes=1))
    assert len(arrivals.said(internal=True)) == 2


def test_a_machine_that_calls_itself_something_else_each_time_does_not_fill_the_thread(
    arrivals: Arrivals, enquiry: Enquiry
) -> None:
    to = arrivals.address(Side.REQUESTER, enquiry.threads[0].id)
    for number in range(8):
        away = letter(to, Auto_Submitted="auto-replied", sender=f"m{number}@x.org", Message_ID=f"<{number}@x.org>")
        arrivals.bring(away)
    assert len(arrivals.said(internal=True)) == 5


@pytest.mark.parametrize(
    "sign",
    [{"Precedence": "bulk"}, {"X-Autoreply": "yes"}, {"Return-Path": "<>"}, {"Auto-Submitted": "auto-generated"}],
)
def test_machines_are_known_by_many_signs(arrivals: Arrivals, enquiry: Enquiry, sign: dict[str, str]) -> None:
    arrivals.bring(letter(arrivals.address(Side.MAILBOX, enquiry.recipients[0].id), **sign))
    assert arrivals.said() == []


def test_two_programs_that_answer_each_other_are_slowed_down(
    arrivals: Arrivals, enquiry: Enquiry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filing, "MOST_IN_AN_HOUR", 3)
    to = arrivals.address(Side.MAILBOX, enquiry.recipients[0].id)
    codes = [arrivals.bring(letter(to, Message_ID=f"<{each}@x>")).code for each in range(4)]
    assert codes == [os.EX_OK] * 3 + [os.EX_TEMPFAIL]
    later = arrivals.bring(letter(to, Message_ID="<later@x>"), at=now() + timedelta(hours=1, minutes=1))
    assert later.code == os.EX_OK


def test_a_person_who_writes_to_the_return_path_is_heard(arrivals: Arrivals, enquiry: Enquiry) -> None:
    arrivals.bring(letter(arrivals.address(Side.BACK_RECIPIENT, enquiry.recipients[0].id)))
    assert [each.author for each in arrivals.said()] == [Author.OWNER]


def test_what_is_not_kept_any_more_cannot_be_answered(app: Flask, arrivals: Arrivals, enquiry: Enquiry) -> None:
    with app.app_context():
        db.session.get_one(Enquiry, enquiry.id).emptied_at = now()
        db.session.commit()
    assert arrivals.bring(letter(arrivals.address(Side.REQUESTER, enquiry.threads[0].id))).code == os.EX_NOUSER


def test_a_letter_that_is_too_large_is_given_back(arrivals: Arrivals) -> None:
    assert arrivals.bring(b"Subject: large\n\n" + b"x" * (25 * 1024 * 1024)).code == os.EX_DATAERR
