"""Acts on several threads of one enquiry at once, on each database."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from facilities.enquiries.models import EnquiryStatus
from facilities.enquiries.queries import enquiry_to_change
from facilities.enquiries.requesting import Act, acts_of, alive, end, reply_to_all
from tests.enquiries.requester_acts import answer, letters, quote, thread, threads_of
from tests.enquiry_cast import Catalogue, Visitor


@pytest.fixture
def app(app_on_each: Flask) -> Flask:
    return app_on_each


def test_two_who_accept_different_offers_at_once_accept_one(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.facility, catalogue.service, catalogue.orphan)
    ids = threads_of(visitor, token)
    for name, price in (("Light Lab", "10"), ("Sequencing", "12")):
        answer(visitor.app, ids[name], "We can.", quote=quote(price))

    def accept(thread_id: int) -> None:
        """As the page does: what is possible is looked at after the lock."""
        with visitor.app.app_context():
            enquiry = enquiry_to_change(token)
            assert enquiry is not None
            wanted = next(each for each in enquiry.threads if each.id == thread_id)
            if Act.ACCEPT in acts_of(wanted):
                end(wanted, Act.ACCEPT, others=[each for each in alive(enquiry) if each is not wanted], regret="Sorry.")

    with ThreadPoolExecutor(2) as both:
        list(both.map(accept, (ids["Light Lab"], ids["Sequencing"])))
    found = sorted(thread(visitor.app, each).status for each in ids.values())
    assert found == [EnquiryStatus.ACCEPTED, EnquiryStatus.DECLINED, EnquiryStatus.DECLINED]
    assert len(letters(visitor.app, "reply")) == 3


def test_words_to_all_are_in_each_thread_and_the_page_can_be_read(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.facility, catalogue.service)
    with visitor.app.app_context():
        enquiry = enquiry_to_change(token)
        assert enquiry is not None
        reply_to_all(enquiry, "We now have sixty.")
    said = [thread(visitor.app, each).messages[-1].body for each in threads_of(visitor, token).values()]
    assert said == ["We now have sixty."] * 2
    assert visitor.get(f"/enquiries/{token}").text.count("We now have sixty.") == 2
