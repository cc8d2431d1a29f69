"""The shortlist: collected in the session, sent as one enquiry, never a way out of the site."""

import re
from typing import Any

import pytest
from flask import Flask

from facilities.catalogue import content
from facilities.catalogue.models import Listing
from facilities.db import db
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
    assert page.count('class="listing-card"') == 0
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
        "/search?q=" + "x" * 2000,
    ],
)
def test_it_never_leads_off_the_site(target: str) -> None:
    assert local_path(target) == "/enquiries/shortlist"


def test_a_long_search_is_gone_back_to() -> None:
    longest = "/search?q=".ljust(2000, "x")
    assert local_path(longest) == longest


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


def rows(page: str) -> dict[str, list[str]]:
    """The rows of the comparison by their titles, each cell as the text in it."""
    found = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', page, re.DOTALL)
    return {title: [words(cell) for cell in re.findall(r"<td>(.*?)</td>", cells, re.DOTALL)] for title, cells in found}


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def describe(app: Flask, listing_id: int, **fields: Any) -> None:
    with app.app_context():
        listing = db.session.get(Listing, listing_id)
        assert listing is not None
        content.write(listing, fields)
        db.session.commit()


def test_two_listings_are_compared_with_what_their_parents_say(visitor: Visitor, catalogue: Catalogue) -> None:
    prices = [{"item": "Hour", "group": "academic", "basis": "hour", "amount": "90", "currency": "EUR"}]
    access = {"groups": ["academia"], "modes": ["remote"], "training": "required"}
    describe(visitor.app, catalogue.facility, city="Uppsala", country="SE", access=access, prices=prices)
    describe(visitor.app, catalogue.service, lead_time_min=3, lead_time_max=5, certificates=[{"name": "ISO 9001"}])
    change(visitor, "add", catalogue.microscope, catalogue.service)
    found = rows(visitor.get("/enquiries/shortlist").text)
    dash = "– Not stated"
    assert found["Kind"] == ["Instrument", "Service"]
    assert found["Where"] == ["Uppsala, Sweden", dash]
    assert found["Who may use it"] == ["Academia", dash]
    assert found["How"] == ["Remote", dash]
    assert found["Training"] == ["Training required", dash]
    assert found["Priced first"] == ["Hour per hour", dash]
    assert found["Price: Academic"] == ["€90", dash]
    assert found["Lead time"] == [dash, "3–5 working days"]
    assert found["Certificates"] == [dash, "ISO 9001"]
    assert found["Last confirmed"] == [dash, dash]


def test_each_compared_listing_can_be_taken_off(visitor: Visitor, catalogue: Catalogue) -> None:
    change(visitor, "add", catalogue.microscope, catalogue.service, catalogue.orphan)
    assert visitor.get("/enquiries/shortlist").text.count('value="remove"') == 3
