"""How many instruments of a technique there are where, how old, open to whom and how idle."""

import csv
import re
from io import StringIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from facilities.catalogue.models import Kind, Organisation
from facilities.db import db, now
from facilities.insight.density.counting import by_country, density_of
from facilities.insight.density.reading import instruments_with
from facilities.networks.host_names import forget_hosts
from facilities.search.index import rebuild
from tests.barriers import PHONE, barriers
from tests.counting import statements
from tests.insight.facts_cast import join, network
from tests.insight.instruments import owner, sorter, vocabulary
from tests.listings import add
from tests.running_site import served

ROW = re.compile(r"<tr[^>]*>\s*<th scope=\"row\">([^<]*)</th>(.*?)</tr>", re.S)
CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.S)


def rows(page: str) -> dict[str, list[str]]:
    """The table by region: its cells as text."""
    table = page[page.index('id="regions-title"') :]
    return {
        name: [re.sub(r"<[^>]*>", "", cell).strip() for cell in CELL.findall(cells)]
        for name, cells in ROW.findall(table)
    }


def region() -> None:
    """Three sorters in Sweden, one of them a set of two and one for academia alone; one in Norway; one retired."""
    vocabulary()
    year = now().year
    uppsala, lund, oslo = owner("Skerry", "Uppsala"), owner("Reed", "Lund", ("academia",)), owner("Fell", "Oslo")
    sorter(uppsala, "One", quantity=2, acquired=str(year - 2), idle_hours=10)
    sorter(uppsala, "Two", acquired=f"{year - 17}-05", idle_hours=30)
    sorter(lund, "Three", acquired=str(year - 7))
    sorter(oslo, "Four", techniques=["flow-cytometry"])
    sorter(oslo, "Five", instrument_status="retired")
    rebuild()


def test_instruments_are_counted_by_country_and_region(app_on: Flask) -> None:
    region()
    found = rows(app_on.test_client().get("/density/flow-cytometry").text)
    assert list(found) == ["Sweden", "Uppsala", "Skåne", "Norway", "Oslo"]
    units, _bar, companies, academia, old, idle, _compare = found["Sweden"]
    assert (units, companies, academia, old, idle) == ("4", "2", "3", "1", "40 2 of 3")
    assert found["Uppsala"][0] == "3"
    assert found["Skåne"][2] == "0"
    assert found["Oslo"][0] == "1"


def test_narrower_techniques_are_counted_and_broader_ones_are_not(app: Flask, client: FlaskClient) -> None:
    region()
    assert "Norway" not in rows(client.get("/density/cell-sorting").text)
    assert "No instrument of this catalogue names it" in client.get("/density/confocal-microscopy").text
    assert client.get("/density/nothing-called-so").status_code == 404


def test_ages_and_idle_hours_say_what_they_cover(app: Flask) -> None:
    region()
    whole = density_of(instruments_with(["flow-cytometry", "cell-sorting"]), year=now().year)
    assert whole.ages == (1, 1, 0, 1)
    assert whole.unknown_age == 1
    assert (whole.idle_stated, whole.idle_sum, whole.idle_median) == (2, 40, 20)


def test_regions_are_compared_side_by_side(app: Flask, client: FlaskClient) -> None:
    region()
    page = client.get("/density/flow-cytometry?compare=SE:Uppsala&compare=NO:Oslo&compare=XX:None").text
    compared = page[page.index('id="compared-title"') : page.index('id="regions-title"')]
    assert re.findall(r'<th scope="col">([^<]*)</th>', compared)[1:] == ["Uppsala", "Oslo"]
    assert 'value="SE:Uppsala" aria-label="Compare Uppsala" checked' in page


def test_a_region_is_one_however_owners_wrote_it(app: Flask) -> None:
    vocabulary()
    for number, said in enumerate(("Uppsala län", "Uppsala County", "")):
        university = add(Kind.ORGANISATION, f"No {number}", city="Uppsala", country="SE", region=said)
        sorter(university)
    rebuild()
    [sweden] = by_country(instruments_with(["cell-sorting"]), year=2026)
    assert [each.units for each in sweden.regions] == [3]


def test_the_file_has_every_instrument_that_was_counted(app: Flask, client: FlaskClient) -> None:
    region()
    lines = list(csv.DictReader(StringIO(client.get("/density/flow-cytometry.csv").text.lstrip("\ufeff"))))
    assert len(lines) == 4
    [one] = [line for line in lines if line["Model"] == "One"]
    assert (one["Number of units"], one["Region"], one["Idle hours a week"]) == ("2", "Uppsala", "10")
    [three] = [line for line in lines if line["Model"] == "Three"]
    assert (three["Open to companies"], three["Open to academia"]) == ("no", "yes")
    in_swedish = csv.DictReader(StringIO(client.get("/sv/density/flow-cytometry.csv").text.lstrip("\ufeff")))
    assert in_swedish.fieldnames == list(one)


def test_a_networks_part_counts_the_instruments_of_its_members(app: Flask, client: FlaskClient) -> None:
    region()
    member = db.session.scalars(sa.select(Organisation).where(Organisation.name == "Skerry")).one()
    cluster = network("cluster")
    cluster.host = "cluster.example.net"
    join(cluster, [member])
    forget_hosts()
    rebuild()
    chosen = client.get("/networks/cluster/density")
    types = re.findall(r'href="/networks/cluster/density/([^"]*)".*?class="count">(\d+)<', chosen.text)
    assert dict(types) == {"flow-cytometry": "2", "cell-sorting": "2"}
    assert client.get("/networks/cluster/density?q=facs+analysis").location.startswith("/networks/cluster/density/")
    page = client.get("/networks/cluster/density/flow-cytometry").text
    assert list(rows(page)) == ["Sweden", "Uppsala"]
    assert 'href="/networks/cluster/search?kind=instrument' in page
    assert 'href="/networks/cluster/map?kind=instrument' in page
    lines = list(csv.DictReader(StringIO(client.get("/networks/cluster/density/flow-cytometry.csv").text)))
    assert {line["Model"] for line in lines} == {"One", "Two"}
    assert client.get("/networks/none/density").status_code == 404
    page = client.get("/density/flow-cytometry", base_url="http://cluster.example.net").text
    assert list(rows(page)) == ["Sweden", "Uppsala"]
    assert 'href="/search?kind=instrument' in page


def test_a_technique_is_chosen_by_any_of_its_names(app: Flask, client: FlaskClient) -> None:
    region()
    assert client.get("/density?q=facs+analysis").headers["Location"].endswith("/density/flow-cytometry")
    assert "No technique is called so" in client.get("/density?q=zzzz").text
    chosen = re.findall(r'href="/density/([^"]*)"', client.get("/density").text)
    assert {"flow-cytometry", "cell-sorting"} <= set(chosen)


def test_the_numbers_beside_the_techniques_follow_the_index(app: Flask, client: FlaskClient) -> None:
    region()

    def numbers() -> dict[str, str]:
        page = client.get("/density").text
        return dict(re.findall(r'href="/density/([^"]*)"[^>]*>.*?([0-9]+)\s*<', page, re.S))

    assert numbers()["flow-cytometry"] == numbers()["flow-cytometry"] == "5"
    sorter(owner("Birch", "Stockholm"), "Six")
    rebuild()
    assert numbers()["flow-cytometry"] == "6"


def test_statements_do_not_grow_with_instruments(app: Flask, client: FlaskClient) -> None:
    region()
    client.get("/density/flow-cytometry")
    with statements() as few:
        client.get("/density/flow-cytometry")
    home = owner("Birch", "Stockholm")
    for number in range(30):
        sorter(home, f"Sorter {number}")
    rebuild()
    with statements() as many:
        client.get("/density/flow-cytometry")
    assert len(many) == len(few)


@pytest.mark.browser
def test_the_table_of_regions_fits_a_phone_and_each_number_says_what_it_is(app: Flask, browser: Browser) -> None:
    region()
    with served(app) as url, browser.new_context(base_url=url, locale="en-GB", **PHONE) as context:
        page = context.new_page()
        page.goto("/density/flow-cytometry")
        tables = page.locator(".density-scroll")
        assert tables.evaluate_all("all => all.every(each => each.scrollWidth <= each.clientWidth)")
        said = "cell => getComputedStyle(cell, '::before').content"
        assert page.locator(".density-country td").first.evaluate(said) == '"Units"'
        assert barriers(page) == []
