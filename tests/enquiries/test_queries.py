"""Enquiry pages cost the same few statements however many listings they show."""

import pytest

from tests.counting import statements
from tests.enquiry_cast import Catalogue, Visitor


def cost(visitor: Visitor, path: str) -> int:
    with visitor.app.app_context(), statements() as sent:
        assert visitor.get(path).status_code == 200
    return len(sent)


@pytest.fixture
def listings(catalogue: Catalogue) -> list[int]:
    return [catalogue.microscope, catalogue.cytometer, catalogue.facility, catalogue.organisation, catalogue.service]


def test_the_form_costs_no_more_for_five_listings_than_for_one(visitor: Visitor, listings: list[int]) -> None:
    path = "/enquiries/new?listing=" + "&listing=".join(map(str, listings))
    assert cost(visitor, path) <= cost(visitor, f"/enquiries/new?listing={listings[0]}") <= 7


def test_the_private_page_costs_no_more_for_five_listings_than_for_one(visitor: Visitor, listings: list[int]) -> None:
    one, five = visitor.sent(listings[0]), visitor.sent(*listings)
    assert cost(visitor, f"/enquiries/{five}") <= cost(visitor, f"/enquiries/{one}") <= 8


def test_the_shortlist_costs_no_more_for_five_listings_than_for_one(visitor: Visitor, listings: list[int]) -> None:
    visitor.post("/enquiries/shortlist", {"action": "add", "listing": listings[:1]})
    one = cost(visitor, "/enquiries/shortlist")
    visitor.post("/enquiries/shortlist", {"action": "add", "listing": listings})
    assert cost(visitor, "/enquiries/shortlist") <= one <= 6
