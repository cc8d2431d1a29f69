"""Who else has one: the same or an equivalent instrument in reach, with its terms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, expect

from facilities.catalogue.actions import withdraw_listing
from facilities.catalogue.models import Kind
from facilities.insight.others.finding import others_like
from facilities.insight.others.models_alike import Model
from facilities.insight.others.subject import subject_of
from facilities.search.index import rebuild
from tests.barriers import PHONE, barriers
from tests.conftest import running_app
from tests.counting import statements
from tests.insight.instruments import neighbours, owner, sorter, vocabulary
from tests.listings import add
from tests.people import add_user, client_of
from tests.running_site import running_site

NAME = re.compile(r'class="others-name">\s*<h3><a [^>]*>([^<]*)')


def names(page: str) -> list[str]:
    """The instruments listed, in order."""
    return NAME.findall(page)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("BD Biosciences", "FACSAria III"), ("BD", "BD FACSAria III with ACDU"), True),
        (("Zeiss", "LSM 980"), ("Carl Zeiss", "LSM980, inverted"), True),
        (("", "Aurora 5L"), ("Cytek Biosciences", "Aurora 5L"), True),
        (("Zeiss", "LSM 980"), ("Zeiss", "LSM 880"), False),
        (("Leica", "SP8"), ("Fritz", "SP8"), False),
        (("Zeiss", ""), ("Zeiss", ""), False),
    ],
)
def test_two_models_are_the_same_however_they_were_written(
    one: tuple[str, str], other: tuple[str, str], same: bool
) -> None:
    assert Model.of(*one).is_same_as(Model.of(*other)) is same


def test_the_same_model_comes_first_then_its_family_then_what_can_do_the_same(app_on: Flask) -> None:
    asked = neighbours()
    page = app_on.test_client().get(f"/instruments/{asked.id}/others").text
    assert names(page) == ["Cell sorter BD FACSAria III with ACDU", "Cell sorter FACSAria Fusion", "Analyser CytoFLEX"]
    assert page.index("Same model<") < page.index("Same model family<") < page.index("Same organisation<")
    assert "12 hours a week free" in page
    assert "Limited availability" in page
    assert "less than 1 km away" in page


def test_a_narrower_technique_can_do_the_same(app: Flask, client: FlaskClient) -> None:
    neighbours()
    page = client.get("/instruments/others?technique=FACS+analysis").text
    assert "Cell sorter FACSAria Fusion" in names(page)
    assert "Confocal LSM 980" not in names(page)


def test_the_list_is_narrowed_by_distance_access_and_model(app: Flask, client: FlaskClient) -> None:
    asked = neighbours()
    path = f"/instruments/{asked.id}/others"
    assert names(client.get(f"{path}?radius=100").text) == ["Cell sorter FACSAria Fusion", "Analyser CytoFLEX"]
    assert "Cell sorter FACSAria Fusion" not in names(client.get(f"{path}?access=companies").text)
    assert len(names(client.get(f"{path}?same=1").text)) == 2
    assert names(client.get(f"{path}?sort=distance").text)[0] == "Analyser CytoFLEX"
    assert len(names(client.get(f"{path}?radius=x&access=y").text)) == 3


def test_one_that_is_not_bought_yet_is_looked_for_near_a_town(app: Flask, client: FlaskClient) -> None:
    neighbours()
    page = client.get("/instruments/others?manufacturer=BD&model=FACSAria+III&near=Oslo").text
    assert names(page)[0] == "Cell sorter BD FACSAria III with ACDU"
    unknown = client.get("/instruments/others?model=FACSAria+III&near=Nowhereville").text
    assert "No town known here is called so" in unknown
    assert names(unknown)
    assert "Name a model or a technique" in client.get("/instruments/others").text


def test_retired_and_hidden_instruments_are_not_offered(app: Flask, client: FlaskClient) -> None:
    vocabulary()
    asked = sorter(owner("Skerry", "Uppsala"))
    elsewhere = owner("Birch", "Stockholm")
    sorter(elsewhere, instrument_status="retired")
    withdraw_listing(sorter(elsewhere), reason="Sold", by="test")
    rebuild()
    page = client.get(f"/instruments/{asked.id}/others").text
    assert "None was found" in page


def test_the_page_of_an_instrument_shows_five_and_leads_to_all(app: Flask, client: FlaskClient) -> None:
    asked = neighbours()
    elsewhere = owner("Reed", "Lund")
    for number in range(4):
        sorter(elsewhere, f"Sorter {number}")
    rebuild()
    page = client.get(asked.path).text
    assert len(names(page)) == 5
    assert f'href="/instruments/{asked.id}/others"' in page
    assert re.search(r'form="ask" name="listing" value="\d+"', page)


def test_only_published_instruments_have_the_page(app: Flask, client: FlaskClient) -> None:
    asked = neighbours()
    assert client.get(f"/instruments/{asked.parent_id}/others").status_code == 404
    assert client.get("/instruments/999999/others").status_code == 404


def test_owners_see_it_in_the_editor_and_before_they_add_one(app: Flask) -> None:
    asked = neighbours()
    assert asked.parent is not None
    pages = client_of(app, add_user("Ed Editor", editor_of=asked.parent))
    assert "Same model" in pages.get(f"/manage/listings/{asked.id}/edit").text
    adding = pages.get(f"/manage/listings/{asked.parent_id}/instruments/new").text
    assert 'href="/instruments/others?near=Uppsala"' in adding


def test_statements_do_not_grow_with_what_is_found(app: Flask) -> None:
    asked = neighbours()
    subject = subject_of(asked)
    others_like(subject)
    with statements() as few:
        others_like(subject)
    elsewhere = owner("Reed", "Lund")
    for number in range(15):
        sorter(elsewhere, f"Sorter {number}")
    add(Kind.INSTRUMENT, "Another", parent=elsewhere, techniques=["flow-cytometry"])
    rebuild()
    with statements() as many:
        assert others_like(subject).total > 15
    assert len(many) == len(few) <= 6


@dataclass
class Visit:
    """A running site with the neighbours, and a browser that has the session of the editor of the first of them."""

    context: BrowserContext
    asked: str
    adding: str


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Visit]:
    folder = tmp_path_factory.mktemp("others")
    with running_app(folder) as app:
        asked = neighbours()
        assert asked.parent is not None
        cookie = client_of(app, add_user("Ed Editor", editor_of=asked.parent)).get_cookie("session")
        paths = (f"/instruments/{asked.id}/others", f"/manage/listings/{asked.parent_id}/instruments/new")
    assert cookie is not None
    with running_site(folder, processes=1, with_worker=False) as site:
        context = browser.new_context(base_url=site.url, **PHONE)
        context.add_cookies([{"name": "session", "value": cookie.value, "url": site.url}])
        yield Visit(context, *paths)
        context.close()


@pytest.mark.browser
def test_the_chosen_are_asked_together(visit: Visit) -> None:
    page = visit.context.new_page()
    for address in ("/density", "/density/flow-cytometry?compare=SE:Uppsala&compare=NO:Oslo", visit.asked):
        page.goto(address)
        assert barriers(page) == []
    for box in page.locator(".others-list input[type=checkbox]").all()[:2]:
        box.check()
    page.get_by_role("button", name="Ask the chosen").click()
    assert page.url.count("listing=") == 2


@pytest.mark.browser
def test_who_has_one_is_said_while_its_model_is_typed(visit: Visit) -> None:
    page = visit.context.new_page()
    page.goto(visit.adding)
    page.get_by_label("Manufacturer (optional)").fill("BD")
    page.get_by_label("Model (optional)").fill("FACSAria III")
    page.keyboard.press("Tab")
    expect(page.locator(".others-new")).to_contain_text("Same model")
    assert barriers(page) == []
