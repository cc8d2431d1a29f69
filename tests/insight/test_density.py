"""How many instruments of a technique there are where, how old, open to whom and how idle."""

import csv
import re
from io import StringIO

from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.models import Kind
from facilities.db import now
from facilities.insight.density.counting import by_country, density_of
from facilities.insight.density.reading import instruments_with
from facilities.search.index import rebuild
from tests.counting import statements
from tests.insight.instruments import owner, sorter, vocabulary
from tests.listings import add

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


def test_a_technique_is_chosen_by_any_of_its_names(app: Flask, client: FlaskClient) -> None:
    region()
    assert client.get("/density?q=facs+analysis").headers["Location"].endswith("/density/flow-cytometry")
    assert "No technique is called so" in client.get("/density?q=zzzz").text
    chosen = re.findall(r'href="/density/([^"]*)"', client.get("/density").text)
    assert {"flow-cytometry", "cell-sorting"} <= set(chosen)


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
