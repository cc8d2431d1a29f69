"""Nothing that anybody typed becomes a header of a letter: not a name, a word of a quote, a file's name or a place."""

import email
from datetime import timedelta

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facilities import mail
from facilities.accounts.models import SiteRole
from facilities.db import db, now
from facilities.enquiries.booking.acts import BookingAct
from facilities.enquiries.booking.letters import tell_of_booking
from facilities.enquiries.emails import enquiry_letter, receipt_letter
from facilities.enquiries.models import Author, EnquiryFile, Message, Quote, Slot
from facilities.enquiries.needs.deciding import drop_need
from facilities.enquiries.threads.letters import tell_assigned, tell_owners, tell_requester
from facilities.enquiries.threads.speakers import owner
from facilities.mail import Refused
from facilities.outbox.letters import as_letter
from facilities.outbox.models import StoredLetter
from tests.enquiry_cast import enquiry_to
from tests.listings import add
from tests.people import add_user

MEANT = {
    "from", "to", "reply-to", "subject", "date", "message-id", "references", "auto-submitted", "mime-version",
    "content-type",
}  # fmt: skip
HOSTILE = st.sampled_from(
    [
        "\r\nBcc: x@evil.example",
        "\nCc: x@evil.example\nContent-Type: text/html\n\n<h1>body</h1>",
        "\n\nbody",
        "a\u2028Bcc: x@evil.example",
        "=?utf-8?q?=0ABcc:_x@evil.example?=",
        '"><x@evil.example>, x',
        "a" * 300,
    ]
)
TYPED = st.lists(HOSTILE | st.text(max_size=20), min_size=1, max_size=3).map("".join)


def headers_of(letter: mail.Letter) -> list[str]:
    """The headers that whoever reads the letter's bytes finds; none if it is refused."""
    try:
        message = mail.compose(letter)
    except Refused:
        return []
    return [name.lower() for name in email.message_from_bytes(message.as_bytes())]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.fixed_dictionaries(dict.fromkeys(("name", "words", "file", "quote", "role", "place"), TYPED)))
def test_nothing_typed_is_a_header(app: Flask, typed: dict[str, str]) -> None:
    app.config["REPLY_ADDRESS"] = "reply@catalogue.test"
    with app.app_context():
        check_letters_of(typed)


def check_letters_of(typed: dict[str, str]) -> None:
    """Write all letters of one enquiry with these words in every place that somebody fills in."""
    listing = add("facility", typed["place"][:200] or "x")
    user = add_user(f"U {now().timestamp()}", site_role=SiteRole.MODERATOR)
    user.name = typed["name"][:120]
    enquiry = enquiry_to(listing, question=typed["words"], role=typed["role"][:120])
    enquiry.requester_name, enquiry.requester_organisation = typed["name"][:120], typed["role"][:200]
    enquiry.samples, enquiry.budget, enquiry.place = typed["words"], typed["quote"][:120], typed["place"][:120]
    db.session.add(enquiry)
    db.session.flush()
    [thread] = enquiry.threads
    thread.listing_name = typed["place"]
    said = Message(author=Author.OWNER, author_name=typed["name"], body=typed["words"], enquiry_id=enquiry.id)
    said.quote = Quote(currency="SEK", basis=typed["quote"][:120], terms=typed["words"])
    said.slots = [Slot(starts_at=now(), ends_at=now() + timedelta(hours=1))]
    said.files = [
        EnquiryFile(enquiry_id=enquiry.id, name=typed["file"][:200], media_type="a/b", size=1, stored_as=str(now()))
    ]
    thread.own_messages.append(said)
    db.session.flush()

    tell_owners(thread, said)
    tell_requester(thread, said)
    tell_assigned(thread, user, by=owner(user))
    tell_of_booking(thread, said, BookingAct.PROPOSED, by=owner(user))
    drop_need(enquiry, by=user, reason=typed["words"])
    stored = db.session.query(StoredLetter).all()
    assert {each.name for each in stored} >= {"reply", "answer", "assigned", "booking", "need_dropped"}
    letters = [as_letter(each) for each in stored]
    letters += [receipt_letter(enquiry), enquiry_letter(enquiry.recipients)]
    for letter in letters:
        found = headers_of(letter)
        assert set(found) <= MEANT and len(found) == len(set(found)), letter.name
    db.session.query(StoredLetter).delete()
    db.session.commit()
