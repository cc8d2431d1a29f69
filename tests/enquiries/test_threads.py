"""The life of a thread: whose turn it is, who hears of it, how it ends and goes on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.accounts.models import Grant, OwnerRole, SiteRole, User
from facilities.catalogue.models import Listing
from facilities.db import db, now
from facilities.enquiries.models import Author, Delivery, EnquiryStatus, Message, Thread, Turn
from facilities.enquiries.threads import ending, rights, speakers
from facilities.enquiries.threads.queries import thread_to_change, thread_to_read
from facilities.enquiries.threads.speaking import Said, note_internally, say
from facilities.outbox.models import Job, JobKind, StoredLetter
from tests.enquiry_cast import Catalogue, Visitor
from tests.people import add_user

Act = Callable[[Thread], None]


@pytest.fixture
def thread(visitor: Visitor, catalogue: Catalogue) -> int:
    token = visitor.sent(catalogue.microscope)
    return visitor.enquiry(token).threads[0].id


def on(app: Flask, thread_id: int, act: Act) -> Thread:
    """Do something with the thread as one request would; gives the thread as it is stored afterwards."""
    with app.app_context():
        found = thread_to_change(thread_id)
        assert found is not None
        act(found)
    with app.app_context():
        stored = thread_to_read(thread_id)
        assert stored is not None
        return stored


def letters(app: Flask, name: str) -> list[str]:
    """Whom letters of this name go to, each with a job of its own."""
    with app.app_context():
        query = sa.select(StoredLetter.to).where(StoredLetter.name == name).order_by(StoredLetter.id)
        jobs = db.session.scalar(sa.select(sa.func.count(Job.id)).where(Job.kind == JobKind.LETTER))
        found = list(db.session.scalars(query))
        assert jobs is not None
        assert jobs >= len(found)
        return found


def owner_says(body: str, **said: bool) -> Act:
    return lambda thread: say(thread, Said(body, **said), by=speakers.mailbox(thread.recipients[0])) and None


def requester_says(body: str) -> Act:
    return lambda thread: say(thread, Said(body), by=speakers.requester(thread.enquiry)) and None


def test_a_new_thread_waits_for_its_owner(app: Flask, thread: int) -> None:
    new = on(app, thread, lambda _thread: None)
    assert (new.status, new.turn) == (EnquiryStatus.NEW, Turn.OWNER)
    assert new.remind_at is not None
    assert new.remind_at > now()


def test_an_answer_is_told_to_the_requester_who_is_next(app: Flask, thread: int) -> None:
    answered = on(app, thread, owner_says("Yes, we can."))
    assert (answered.status, answered.turn) == (EnquiryStatus.ANSWERED, Turn.REQUESTER)
    assert answered.first_answered_at is not None
    assert answered.remind_at is None
    assert answered.close_at is not None
    assert letters(app, "answer") == ["anna.berg@example.net"]


def test_the_requesters_reply_goes_to_every_mailbox_that_can_be_reached(app: Flask, thread: int) -> None:
    def lose_one(found: Thread) -> None:
        found.recipients[0].delivery = Delivery.BOUNCED
        db.session.commit()

    recipients = on(app, thread, lose_one).recipients
    replied = on(app, thread, requester_says("When?"))
    assert replied.turn == Turn.OWNER
    assert letters(app, "reply") == [each.email for each in recipients[1:]]


def test_who_has_left_gets_no_letters_and_the_next_in_charge_takes_over(
    app: Flask, thread: int, visitor: Visitor, catalogue: Catalogue
) -> None:
    def leave(found: Thread) -> None:
        for recipient in found.recipients:
            assert recipient.contact is not None
            recipient.contact.left_at = now()
        db.session.commit()

    gone = on(app, thread, leave).recipients
    replied = on(app, thread, requester_says("Is anybody there?"))
    assert letters(app, "reply") == []
    assert [each.email for each in replied.recipients[len(gone) :]] == ["office@example.org"]
    assert {visitor.get(each.path).status_code for each in gone} == {404}
    assert visitor.get(replied.recipients[-1].path).status_code == 200


def test_an_owner_who_asks_back_waits_until_the_requester_has_answered(app: Flask, thread: int) -> None:
    asked = on(app, thread, owner_says("How thick?", asks_back=True))
    assert asked.status == EnquiryStatus.WAITING
    replied = on(app, thread, requester_says("40 µm."))
    assert (replied.status, replied.turn) == (EnquiryStatus.ANSWERED, Turn.OWNER)
    assert replied.close_at is None


@pytest.mark.parametrize("end", [ending.accept, ending.decline, ending.close])
def test_what_has_ended_goes_on_when_somebody_writes(app: Flask, thread: int, end: Callable[..., Message]) -> None:
    ended = on(app, thread, lambda found: end(found, by=speakers.mailbox(found.recipients[0])) and None)
    assert ended.status.ended
    assert (ended.turn, ended.ended_by, ended.remind_at) == (Turn.NOBODY, Author.OWNER, None)
    assert letters(app, "answer") == ["anna.berg@example.net"]
    again = on(app, thread, requester_says("One more question."))
    assert not again.status.ended
    assert (again.turn, again.ended_by, again.closed_at) == (Turn.OWNER, None, None)


def test_a_note_reaches_nobody_by_mail_and_changes_nothing(app: Flask, thread: int) -> None:
    before = on(app, thread, lambda _thread: None)
    noted = on(app, thread, lambda found: note_internally(found, "Ask Eva.", by=speakers.THE_SITE) and None)
    assert (noted.status, noted.turn, noted.remind_at) == (before.status, before.turn, before.remind_at)
    assert letters(app, "answer") == letters(app, "reply") == []
    assert [each.internal for each in noted.messages] == [False, True]


def test_the_same_letter_is_filed_once(app: Flask, thread: int) -> None:
    def file(found: Thread) -> None:
        for _again in range(2):
            say(found, Said("Yes.", mail_id="<1@example.org>"), by=speakers.mailbox(found.recipients[0]))

    assert len(on(app, thread, file).messages) == 2
    assert len(letters(app, "answer")) == 1


def test_whom_it_is_left_to_gets_the_letters(app: Flask, thread: int) -> None:
    with app.app_context():
        colleague_id = add_user("Eva", editor_of=db.session.get_one(Thread, thread).listing).id

    def leave(found: Thread) -> None:
        ending.assign(found, db.session.get_one(User, colleague_id), by=speakers.mailbox(found.recipients[0]))

    on(app, thread, leave)
    on(app, thread, requester_says("Hello?"))
    assert letters(app, "assigned") == letters(app, "reply") == ["eva@example.org"]


def test_an_answer_from_the_desk_is_not_the_owners(app: Flask, thread: int) -> None:
    with app.app_context():
        moderator = User(email="desk@example.org", name="Mo", site_role=SiteRole.MODERATOR)
        db.session.add(moderator)
        db.session.commit()
        by = speakers.desk(moderator)
    answered = on(app, thread, lambda found: say(found, Said("They will write soon."), by=by) and None)
    assert answered.first_answered_at is None
    assert answered.messages[-1].author == Author.DESK


def test_only_recipients_managers_assignees_and_the_desk_read_a_thread(app: Flask, thread: int) -> None:
    with app.app_context():
        found = thread_to_change(thread)
        assert found is not None
        facility = found.listing.parent if found.listing else None
        people = {
            "manager": _user("manager@example.org", facility, OwnerRole.MANAGER),
            "editor": _user("editor@example.org", facility, OwnerRole.EDITOR),
            "recipient": _user(found.recipients[0].email, None, None),
            "unconfirmed": _user(found.recipients[-1].email.upper(), None, None, confirmed=False),
            "stranger": _user("stranger@example.org", None, None),
            "desk": _user("mo@example.org", None, None),
        }
        people["desk"].site_role = SiteRole.MODERATOR
        db.session.commit()
        readers = {name for name, user in people.items() if rights.may_read(user, found)}
        assert readers == {"manager", "recipient", "desk"}
        assert {name for name, user in people.items() if rights.reads_as_desk(user, found)} == {"desk"}
        found.assigned_to = people["editor"]
        db.session.flush()
        assert rights.may_read(people["editor"], found)
        assert not rights.may_read(None, found)
        db.session.rollback()


def _user(email: str, listing: Listing | None, role: OwnerRole | None, *, confirmed: bool = True) -> User:
    user = User(email=email, name=email, confirmed_at=now() - timedelta(days=1) if confirmed else None)
    if listing is not None and role is not None:
        user.grants.append(Grant(listing=listing, role=role))
    db.session.add(user)
    db.session.flush()
    return user
