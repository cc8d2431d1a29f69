"""The life of a private link: it proves the address, expires, is renewed, and opens from an account without itself."""

import re
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from facilities.db import db, now
from facilities.enquiries.emails import receipt_letter
from facilities.enquiries.models import Enquiry, EnquiryStatus, Stage, Thread
from tests.counting import statements
from tests.enquiries.requester_acts import change, letters, press, threads_of
from tests.enquiry_cast import Catalogue, Visitor
from tests.people import add_user, client_of

ANNA = "anna.berg@example.net"


def receipt_link(visitor: Visitor) -> str:
    """The path that the receipt names."""
    with visitor.app.app_context():
        text = receipt_letter(db.session.scalars(sa.select(Enquiry)).one()).words.text
    return re.findall(r"http://catalogue\.test(/enquiries/\S+)", text)[0]


def the(visitor: Visitor) -> Enquiry:
    with visitor.app.app_context():
        return db.session.scalars(sa.select(Enquiry)).one()


def signed_in(visitor: Visitor, **fields: Any) -> Any:
    with visitor.app.app_context():
        return client_of(visitor.app, add_user("Anna Berg", **({"email": ANNA} | fields)))


def test_opening_it_from_the_receipt_proves_the_address(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope)
    assert visitor.get(f"/enquiries/{token}").status_code == 200
    assert the(visitor).verified_at is None
    answer = visitor.get(receipt_link(visitor))
    assert (answer.status_code, answer.location) == (303, f"/enquiries/{token}")
    assert the(visitor).verified_at is not None


def test_a_proof_that_is_not_ours_proves_nothing(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope)
    link = receipt_link(visitor)
    for proof in ("", "x", link[-22:].swapcase(), "å", "%00"):
        assert visitor.get(f"/enquiries/{token}?mailed={proof}").status_code == 200
    assert the(visitor).verified_at is None


def test_opening_it_again_from_the_receipt_writes_nothing(visitor: Visitor, catalogue: Catalogue) -> None:
    visitor.sent(catalogue.microscope)
    link = receipt_link(visitor)
    visitor.get(link)
    first = the(visitor).verified_at
    with visitor.app.app_context(), statements() as sent:
        visitor.get(link)
    assert not [each for each in sent if not each.startswith("SELECT")]
    assert the(visitor).verified_at == first


def test_an_expired_link_shows_nothing_and_offers_a_new_one(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope)
    change(visitor.app, link_expires_at=now() - timedelta(minutes=1))
    for path in ("", "/files/1", f"/threads/{threads_of(visitor, token)['LSM 880']}/withdraw"):
        page = visitor.get(f"/enquiries/{token}{path}")
        assert page.status_code == 410
        assert "This link has expired" in page.text
        assert "thick sections" not in page.text
        assert "no-store" in page.headers["Cache-Control"]


def test_a_new_link_goes_to_the_requester_only_and_the_answer_tells_nobody(
    visitor: Visitor, catalogue: Catalogue
) -> None:
    token = visitor.sent(catalogue.microscope)
    change(visitor.app, link_expires_at=now() - timedelta(minutes=1))
    wrong = press(visitor, token, "/new-link", email="mallory@example.net")
    assert letters(visitor.app, "new_link") == []
    right = press(visitor, token, "/new-link", email=ANNA.upper())
    unknown = press(visitor, "x" * 43, "/new-link", email=ANNA)
    assert wrong.text == right.text == unknown.text.replace("x" * 43, token)
    (letter,) = letters(visitor.app, "new_link")
    assert letter.to == ANNA
    assert the(visitor).token != token
    assert f"/enquiries/{the(visitor).token}?mailed=" in letter.text
    assert the(visitor).token not in right.text


def test_asking_for_new_links_is_limited(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope)
    codes = [press(visitor, token, "/new-link", email="mallory@example.net").status_code for _time in range(6)]
    assert codes == [200] * 5 + [429]


def test_who_ends_a_link_does_not_see_the_new_one(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope)
    page = press(visitor, token, "/link")
    new = the(visitor).token
    assert new != token
    assert new not in page.text
    assert visitor.get(f"/enquiries/{token}").status_code == 404
    assert visitor.get(f"/enquiries/{new}").status_code == 200
    assert [letter.to for letter in letters(visitor.app, "new_link")] == [ANNA]


def test_the_receipt_is_the_same_letter_after_the_link_has_changed(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope)
    with visitor.app.app_context():
        before = receipt_letter(db.session.scalars(sa.select(Enquiry)).one()).seed
    press(visitor, token, "/link")
    with visitor.app.app_context():
        after = receipt_letter(db.session.scalars(sa.select(Enquiry)).one())
    assert after.seed == before
    assert token not in after.words.text


def test_nothing_is_mailed_for_what_is_held(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope)
    change(visitor.app, stage=Stage.HELD)
    assert press(visitor, token, "/link").status_code == 200
    assert letters(visitor.app, "new_link") == []
    assert visitor.get(f"/enquiries/{token}").status_code == 200


def test_an_account_with_the_same_confirmed_address_lists_and_opens_it(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope)
    visitor.sent(catalogue.orphan, email="somebody@example.net")
    anna = signed_in(visitor)
    change(visitor.app, link_expires_at=now() - timedelta(minutes=1))
    page = anna.get("/account/enquiries").text
    assert "LSM 880" in page
    assert "Lone balance" not in page
    own, other = (re.findall(r"/account/enquiries/(\d+)", page)[0], "2")
    assert anna.get(f"/account/enquiries/{own}").location == f"/enquiries/{token}"
    assert anna.get(f"/account/enquiries/{other}").status_code == 404
    assert anna.get(f"/enquiries/{token}").status_code == 200
    with visitor.app.app_context():
        assert db.session.get_one(Enquiry, int(own)).verified_at is not None


def test_asking_while_signed_in_with_the_same_address_proves_it(visitor: Visitor, catalogue: Catalogue) -> None:
    visitor.client = signed_in(visitor)
    visitor.sent(catalogue.microscope)
    assert the(visitor).verified_at is not None
    visitor.sent(catalogue.orphan, email="somebody@example.net")
    with visitor.app.app_context():
        assert len(db.session.scalars(sa.select(Enquiry).where(Enquiry.verified_at.is_(None))).all()) == 1


def test_an_unconfirmed_account_opens_nothing(visitor: Visitor, catalogue: Catalogue) -> None:
    visitor.sent(catalogue.microscope)
    mallory = signed_in(visitor, confirmed_at=None)
    assert "LSM 880" not in mallory.get("/account/enquiries").text
    assert mallory.get("/account/enquiries/1").status_code == 404


def test_the_list_asks_the_database_as_often_for_many_as_for_one(visitor: Visitor, catalogue: Catalogue) -> None:
    anna = signed_in(visitor)
    counts = []
    for listings in ((catalogue.microscope,), (catalogue.orphan, catalogue.service)):
        visitor.sent(*listings)
        with visitor.app.app_context(), statements() as sent:
            anna.get("/account/enquiries")
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_what_is_held_as_spam_is_listed_as_new(visitor: Visitor, catalogue: Catalogue) -> None:
    visitor.sent(catalogue.microscope)
    with visitor.app.app_context():
        db.session.execute(sa.update(Thread).values(status=EnquiryStatus.SPAM))
        db.session.commit()
    page = signed_in(visitor).get("/account/enquiries").text
    assert "spam" not in page.lower()


def test_what_has_been_emptied_says_so(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope)
    change(visitor.app, emptied_at=now())
    page = visitor.get(f"/enquiries/{token}")
    assert page.status_code == 410
    assert "has been erased" in page.text


def test_what_a_requester_with_an_account_does_is_one_transaction(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope)
    thread = threads_of(visitor, token)["LSM 880"]
    visitor.client = signed_in(visitor)
    commits: list[bool] = []

    def note(_session: Session) -> None:
        commits.append(True)

    numbers = []
    event.listen(Session, "after_commit", note)
    try:
        for words in ("First", "Second"):
            commits.clear()
            assert press(visitor, token, f"/threads/{thread}", **{f"thread-{thread}-body": words}).status_code == 303
            numbers.append(len(commits))
    finally:
        event.remove(Session, "after_commit", note)
    assert the(visitor).verified_at is not None
    assert numbers[0] == numbers[1]


def test_a_link_that_a_newer_replaced_says_where_the_newer_is(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope)
    press(visitor, token, "/link")
    old = visitor.get(f"/enquiries/{token}")
    assert old.status_code == 404
    assert "The newest letter about your enquiry has the link that works." in old.text
    assert old.text.replace(token, "unknown") == visitor.get("/enquiries/unknown").text
