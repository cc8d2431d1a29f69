"""The answers on the private page: side by side, accepted, declined, asked back about, written to all at once."""

import re

import pytest
import sqlalchemy as sa

from facilities.db import db
from facilities.enquiries.models import EnquiryStatus, Thread, Turn
from facilities.enquiries.threads import ending, speakers
from facilities.enquiries.threads.speaking import note_internally
from tests.counting import statements
from tests.enquiries.requester_acts import answer, end, letters, owner_does, press, quote, thread, threads_of
from tests.enquiry_cast import Catalogue, Visitor, errors_on


@pytest.fixture
def asked(visitor: Visitor, catalogue: Catalogue) -> str:
    """The token of one need sent to three."""
    return visitor.sent(catalogue.facility, catalogue.service, catalogue.orphan)


def page(visitor: Visitor, token: str) -> str:
    return visitor.get(f"/enquiries/{token}").text


def rows(text: str) -> list[list[str]]:
    """The comparison as its cells read."""
    table = text[text.index('class="side-by-side"') : text.index("</table>")]
    found = re.findall(r"<tr.*?</tr>", table[table.index("<tbody") :], re.DOTALL)
    return [[" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in re.split(r"</t[hd]>", row)] for row in found]


def test_answers_stand_side_by_side_with_what_decides(visitor: Visitor, asked: str) -> None:
    ids = threads_of(visitor, asked)
    answer(visitor.app, ids["Light Lab"], "We can start in May.", quote=quote("1250"))
    answer(visitor.app, ids["Sequencing"], "How many samples?", asks_back=True)
    table = rows(page(visitor, asked))
    assert [row[0].split(" ")[0] for row in table] == ["Light", "Sequencing", "Lone"]
    price, lead_time, until, terms, words = table[0][1:6]
    assert "1,250" in price
    assert "per sample" in price
    assert (lead_time, until, terms, words) == ("10 days", "4 May 2031", "Net 30", "We can start in May.")
    assert "They need something from you." in table[1][0]
    assert "On its way." in table[2][0]
    assert "Accept" in table[0][6]
    assert "Accept" not in table[2][6]


def test_a_single_answer_is_compared_with_nothing(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.facility)
    answer(visitor.app, threads_of(visitor, token)["Light Lab"], "Yes.")
    text = page(visitor, token)
    assert "side-by-side" not in text
    assert "Yes." in text


def test_notes_of_owners_are_not_for_the_requester(visitor: Visitor, asked: str) -> None:
    ids = threads_of(visitor, asked)
    owner_does(
        visitor.app,
        ids["Light Lab"],
        lambda thread: note_internally(thread, "He never pays.", by=speakers.mailbox(thread.recipients[0])),
    )
    assert "He never pays." not in page(visitor, asked)


def test_an_acceptance_tells_its_owner_and_leaves_the_others(visitor: Visitor, asked: str) -> None:
    ids = threads_of(visitor, asked)
    answer(visitor.app, ids["Light Lab"], "We can.", quote=quote("1250"))
    assert end(visitor, asked, ids["Light Lab"], "accept", words="Gladly.").status_code == 303
    accepted = thread(visitor.app, ids["Light Lab"])
    assert (accepted.status, accepted.turn) == (EnquiryStatus.ACCEPTED, Turn.NOBODY)
    assert accepted.messages[-1].body == "Gladly."
    assert thread(visitor.app, ids["Sequencing"]).status == EnquiryStatus.NEW
    assert {letter.to for letter in letters(visitor.app, "reply")} == {"light@example.org"}


def test_the_others_are_declined_in_the_same_step_if_wanted(visitor: Visitor, asked: str) -> None:
    ids = threads_of(visitor, asked)
    answer(visitor.app, ids["Light Lab"], "We can.", quote=quote("1250"))
    end(visitor, asked, ids["Light Lab"], "accept", decline_others="y", regret="Thank you all the same.")
    for name in ("Sequencing", "Lone balance"):
        other = thread(visitor.app, ids[name])
        assert (other.status, other.messages[-1].body) == (EnquiryStatus.DECLINED, "Thank you all the same.")
    assert len(letters(visitor.app, "reply")) == 3


def test_if_one_of_the_steps_cannot_be_stored_none_is(visitor: Visitor, asked: str) -> None:
    ids = threads_of(visitor, asked)
    answer(visitor.app, ids["Light Lab"], "We can.")
    with visitor.app.app_context():
        last = thread(visitor.app, ids["Light Lab"])
        if db.engine.dialect.name == "sqlite":
            refuse = f"WHEN new.id = {last.id} AND new.status = 'accepted' BEGIN SELECT RAISE(FAIL, 'full'); END"
            db.session.execute(sa.text(f"CREATE TRIGGER full BEFORE UPDATE ON threads {refuse}"))
        else:
            db.session.execute(sa.text("ALTER TABLE threads ADD CONSTRAINT x CHECK (status <> 'accepted')"))
        db.session.commit()
    with pytest.raises(sa.exc.SQLAlchemyError):
        end(visitor, asked, ids["Light Lab"], "accept", decline_others="y")
    assert {thread(visitor.app, each).status for each in ids.values()} == {EnquiryStatus.NEW, EnquiryStatus.ANSWERED}
    assert letters(visitor.app, "reply") == []


def test_an_offer_that_changed_meanwhile_is_shown_before_it_is_accepted(visitor: Visitor, asked: str) -> None:
    ids = threads_of(visitor, asked)
    answer(visitor.app, ids["Light Lab"], "We can.", quote=quote("1250"))
    first = thread(visitor.app, ids["Light Lab"]).messages[-1].id
    answer(visitor.app, ids["Light Lab"], "It costs more after all.", quote=quote("1900"))
    path = f"/threads/{ids['Light Lab']}/accept"
    response = press(visitor, asked, path, seen=str(first), words="Gladly.")
    assert response.status_code == 409
    for words in ("They have written since you opened this page", "It costs more after all.", "1,900", "Gladly."):
        assert words in response.text
    assert thread(visitor.app, ids["Light Lab"]).status == EnquiryStatus.ANSWERED


def test_accepting_twice_is_accepting_once(visitor: Visitor, asked: str) -> None:
    ids = threads_of(visitor, asked)
    answer(visitor.app, ids["Light Lab"], "We can.")
    end(visitor, asked, ids["Light Lab"], "accept")
    again = press(visitor, asked, f"/threads/{ids['Light Lab']}/accept", seen="99999")
    assert again.status_code == 303
    assert len(letters(visitor.app, "reply")) == 1


def test_an_answer_is_declined_and_a_question_withdrawn(visitor: Visitor, asked: str) -> None:
    ids = threads_of(visitor, asked)
    answer(visitor.app, ids["Light Lab"], "We can.")
    end(visitor, asked, ids["Light Lab"], "decline", words="Too late for us.")
    end(visitor, asked, ids["Sequencing"], "withdraw")
    assert thread(visitor.app, ids["Light Lab"]).status == EnquiryStatus.DECLINED
    assert thread(visitor.app, ids["Sequencing"]).status == EnquiryStatus.CLOSED
    text = page(visitor, asked)
    assert "You declined" in text
    assert "You withdrew it" in text


@pytest.mark.parametrize("act", ["accept", "decline"])
def test_what_nobody_has_answered_can_be_neither_accepted_nor_declined(visitor: Visitor, asked: str, act: str) -> None:
    thread_id = threads_of(visitor, asked)["Light Lab"]
    assert press(visitor, asked, f"/threads/{thread_id}/{act}", seen="99999").status_code == 303
    assert thread(visitor.app, thread_id).status == EnquiryStatus.NEW


def test_asking_back_makes_it_the_owners_turn(visitor: Visitor, asked: str) -> None:
    ids = threads_of(visitor, asked)
    answer(visitor.app, ids["Light Lab"], "We can.")
    path, form = f"/threads/{ids['Light Lab']}", f"thread-{ids['Light Lab']}-body"
    assert press(visitor, asked, path, **{form: "Also at the weekend?"}).status_code == 303
    asked_back = thread(visitor.app, ids["Light Lab"])
    assert (asked_back.turn, asked_back.messages[-1].body) == (Turn.OWNER, "Also at the weekend?")
    assert [letter.to for letter in letters(visitor.app, "reply")] == ["light@example.org"]


def test_an_empty_message_is_said_beside_its_own_field(visitor: Visitor, asked: str) -> None:
    thread_id = threads_of(visitor, asked)["Sequencing"]
    response = press(visitor, asked, f"/threads/{thread_id}", **{f"thread-{thread_id}-body": "  "})
    assert response.status_code == 422
    assert errors_on(response) == ["Your message: write a message or choose a file."]
    assert f'id="thread-{thread_id}-body-error"' in response.text


def test_a_message_to_all_reaches_those_whose_thread_goes_on(visitor: Visitor, asked: str) -> None:
    ids = threads_of(visitor, asked)
    end(visitor, asked, ids["Sequencing"], "withdraw")
    assert press(visitor, asked, "/all", words="We now have sixty.").status_code == 303
    said = {name: thread(visitor.app, each).messages[-1].body for name, each in ids.items()}
    assert said["Light Lab"] == said["Lone balance"] == "We now have sixty."
    assert said["Sequencing"] == ""


def test_a_message_sent_twice_is_said_once(visitor: Visitor, asked: str) -> None:
    thread_id = threads_of(visitor, asked)["Light Lab"]
    words = {f"thread-{thread_id}-body": "And in June?"}
    for _time in range(2):
        assert press(visitor, asked, f"/threads/{thread_id}", **words).status_code == 303
        assert press(visitor, asked, "/all", words="We now have sixty.").status_code == 303
    press(visitor, asked, f"/threads/{thread_id}", **words)
    press(visitor, asked, f"/threads/{thread_id}", **words)
    said = [each.body for each in thread(visitor.app, thread_id).messages[1:]]
    assert said == ["And in June?", "We now have sixty."] * 2 + ["And in June?"]


def test_writing_opens_again_what_had_ended(visitor: Visitor, asked: str) -> None:
    thread_id = threads_of(visitor, asked)["Light Lab"]
    owner_does(visitor.app, thread_id, lambda each: ending.decline(each, by=speakers.mailbox(each.recipients[0])))
    assert "They declined" in page(visitor, asked)
    press(visitor, asked, f"/threads/{thread_id}", **{f"thread-{thread_id}-body": "And in June?"})
    assert thread(visitor.app, thread_id).turn == Turn.OWNER


def test_what_is_held_as_spam_looks_new_and_reaches_nobody(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.facility)
    thread_id = threads_of(visitor, token)["Light Lab"]
    shown = page(visitor, token)
    with visitor.app.app_context():
        db.session.execute(sa.update(Thread).values(status=EnquiryStatus.SPAM, turn=Turn.NOBODY, remind_at=None))
        db.session.commit()
    without_csrf = [re.sub(r'value="[\w.-]{60,}"', "", text) for text in (shown, page(visitor, token))]
    assert without_csrf[0] == without_csrf[1]
    answered = press(visitor, token, f"/threads/{thread_id}", **{f"thread-{thread_id}-body": "Buy my links!"})
    assert answered.status_code == 303
    kept = thread(visitor.app, thread_id)
    assert (kept.status, kept.messages[-1].body) == (EnquiryStatus.SPAM, "Buy my links!")
    end(visitor, token, thread_id, "withdraw")
    assert letters(visitor.app, "reply") == []


def test_a_thread_of_somebody_else_cannot_be_reached_through_ones_own_link(
    visitor: Visitor, catalogue: Catalogue, asked: str
) -> None:
    other = visitor.sent(catalogue.microscope, email="somebody@example.net")
    thread_id = threads_of(visitor, other)["LSM 880"]
    assert press(visitor, asked, f"/threads/{thread_id}", **{f"thread-{thread_id}-body": "Hello"}).status_code == 404
    assert visitor.get(f"/enquiries/{asked}/threads/{thread_id}/withdraw").status_code == 404


def test_the_page_asks_the_database_as_often_for_eight_as_for_two(visitor: Visitor, catalogue: Catalogue) -> None:
    few = visitor.sent(catalogue.facility, catalogue.service)
    many = visitor.sent(catalogue.facility, catalogue.service, catalogue.microscope, catalogue.cytometer,
                        catalogue.organisation, catalogue.orphan)  # fmt: skip
    for token in (few, many):
        for each in threads_of(visitor, token).values():
            answer(visitor.app, each, "We can.", quote=quote("10"))
    counts = []
    for token in (few, many):
        with visitor.app.app_context(), statements() as sent:
            page(visitor, token)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 14
