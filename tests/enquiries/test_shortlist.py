"""The shortlist: collected in the session, sent as one enquiry, never a way out of the site."""

import re
from typing import Any

import pytest

from facilities.enquiries.views.shortlist import keep, local_path, shortlist_words
from tests.counting import statements
from tests.enquiry_cast import Catalogue, Visitor


def change(visitor: Visitor, action: str, *listings: int, then: str = "/enquiries/shortlist") -> Any:
    return visitor.post("/enquiries/shortlist", {"action": action, "listing": list(listings), "next": then})


def test_listings_are_added_and_the_visitor_goes_on_where_they_were(visitor: Visitor, catalogue: Catalogue) -> None:
    response = change(visitor, "add", catalogue.microscope, then="/search?q=lsm")
    assert (response.status_code, response.location) == (303, "/search?q=lsm")
    page = visitor.get("/enquiries/shortlist").text
    assert "LSM 880" in page
    assert "Send one enquiry to this listing" in page


def test_a_listing_is_on_the_list_once(visitor: Visitor, catalogue: Catalogue) -> None:
    for _ in range(2):
        change(visitor, "add", catalogue.microscope)
    assert visitor.get("/enquiries/shortlist").text.count('class="listing-card"') == 1


def test_listings_are_taken_off_one_by_one_or_all_at_once(visitor: Visitor, catalogue: Catalogue) -> None:
    change(visitor, "add", catalogue.microscope, catalogue.service, catalogue.orphan)
    change(visitor, "remove", catalogue.service)
    assert "Sequencing" not in visitor.get("/enquiries/shortlist").text
    change(visitor, "clear")
    assert "Your shortlist is empty" in visitor.get("/enquiries/shortlist").text


def test_only_what_is_published_can_be_added(visitor: Visitor, catalogue: Catalogue) -> None:
    change(visitor, "add", catalogue.withdrawn, 99999)
    assert "Your shortlist is empty" in visitor.get("/enquiries/shortlist").text


def test_one_button_sends_one_enquiry_to_all(visitor: Visitor, catalogue: Catalogue) -> None:
    change(visitor, "add", catalogue.microscope, catalogue.orphan)
    page = visitor.get("/enquiries/shortlist").text
    assert "Send one enquiry to these" in page
    for listing in (catalogue.microscope, catalogue.orphan):
        assert f'<input type="hidden" name="listing" value="{listing}">' in page


def test_what_was_asked_leaves_the_list(visitor: Visitor, catalogue: Catalogue) -> None:
    change(visitor, "add", catalogue.microscope, catalogue.orphan)
    visitor.sent(catalogue.microscope)
    page = visitor.get("/enquiries/shortlist").text
    assert "LSM 880" not in page
    assert "Lone balance" in page


def test_the_list_belongs_to_one_browser(visitor: Visitor, catalogue: Catalogue) -> None:
    change(visitor, "add", catalogue.microscope)
    assert "Your shortlist is empty" in Visitor(visitor.app).get("/enquiries/shortlist").text


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "",
        "/\t/evil.example",
        "/\n/evil.example",
        "evil.example",
        " /x",
    ],
)
def test_it_never_leads_off_the_site(target: str) -> None:
    assert local_path(target) == "/enquiries/shortlist"


def test_an_unknown_action_is_a_mistake(visitor: Visitor, catalogue: Catalogue) -> None:
    assert change(visitor, "steal", catalogue.microscope).status_code == 400


def test_its_count_costs_no_query(visitor: Visitor, catalogue: Catalogue) -> None:
    with visitor.app.test_request_context(), statements() as sent:
        keep([catalogue.microscope, catalogue.orphan])
        assert shortlist_words() == {"shortlist_ids": [catalogue.microscope, catalogue.orphan], "shortlist_count": 2}
    assert sent == []


def test_its_count_is_in_the_frame_of_every_page(visitor: Visitor, catalogue: Catalogue) -> None:
    change(visitor, "add", catalogue.microscope, catalogue.orphan)
    assert re.search(r'Shortlist <span class="count">2</span>', visitor.get("/nowhere").text)
