"""Nobody who reads all numbers that are shown, and subtracts, learns what one or two organisations state."""

import csv
import re
from io import StringIO
from itertools import combinations

import pytest
from flask import Flask

from facilities.catalogue.models import Organisation
from facilities.db import db
from facilities.insight.facts import editions
from facilities.insight.facts.report import Facts, facts_of, forget
from facilities.insight.facts.scopes import SITE, Scope, of_hub, of_network, of_place
from facilities.insight.facts.sheet import _content
from facilities.insight.facts.suppression import Sum, withheld
from facilities.networks.models import Network
from tests.insight.facts_cast import companies, company, join, network
from tests.people import add_user


def some(count: int, first: int = 1) -> frozenset[int]:
    return frozenset(range(first, first + count))


def test_numbers_of_one_or_two_are_withheld_and_of_none_or_three_are_not() -> None:
    cells = {"none": some(0), "one": some(1), "two": some(2), "three": some(3)}
    assert withheld(cells, []) == {"one", "two"}


def test_a_second_number_is_withheld_where_the_sum_would_give_the_first_away() -> None:
    cells = {"all": some(12), "2023": some(2), "2024": some(4, 3), "2025": some(6, 7)}
    assert withheld(cells, [Sum("all", ("2023", "2024", "2025"))]) == {"2023", "2024"}


def test_the_sum_is_withheld_where_no_second_number_is_left() -> None:
    cells = {"all": some(2), "2025": some(2)}
    assert withheld(cells, [Sum("all", ("2025",))]) == {"all", "2025"}


def test_two_numbers_that_are_withheld_are_not_enough_if_the_same_two_organisations_are_behind_both() -> None:
    cells = {"all": some(9), "first": some(2), "second": some(2), "third": some(7, 3)}
    assert withheld(cells, [Sum("all", ("first", "second", "third"))]) == {"first", "second", "third"}


def test_what_lies_in_no_part_is_protected_too() -> None:
    cells = {"network": some(7), "hub": some(6)}
    assert withheld(cells, [Sum("network", ("hub",), besides=some(1, 7))]) == {"hub"}


def test_a_number_withheld_in_one_sum_is_not_given_away_by_another() -> None:
    cells = {"all": some(9), "a": some(2), "b": some(7, 3), "b1": some(3, 3), "b2": some(4, 6)}
    hidden = withheld(cells, [Sum("all", ("a", "b")), Sum("b", ("b1", "b2"))])
    assert {"a", "b"} <= hidden
    assert hidden & {"b1", "b2"}


def test_a_sum_that_everybody_knows_is_not_withheld_and_gives_nothing_away() -> None:
    cells = {"micro": some(1), "small": some(5, 2)}
    assert withheld(cells, [Sum("known to all", ("micro", "small"))]) == {"micro", "small"}


@pytest.mark.parametrize("sizes", [(1, 3, 5), (2, 2, 8), (1, 1, 1), (3, 3, 1), (4, 5, 6), (1, 0, 9)])
def test_no_sum_of_shown_parts_leaves_one_or_two_organisations(sizes: tuple[int, ...]) -> None:
    starts = [sum(sizes[:at]) + 1 for at in range(len(sizes))]
    parts = {f"part {at}": some(size, start) for at, (size, start) in enumerate(zip(sizes, starts, strict=True))}
    whole = frozenset[int]().union(*parts.values())
    hidden = withheld({"all": whole, **parts}, [Sum("all", tuple(parts))])
    shown = [parts[part] for part in parts if part not in hidden]
    if "all" not in hidden:
        for count in range(len(shown) + 1):
            for chosen in combinations(shown, count):
                assert len(whole.difference(*chosen)) not in {1, 2}


def test_a_hub_is_not_shown_where_the_network_less_it_is_two_companies(app_on: Flask) -> None:
    cluster = network("cluster", "north", "south")
    north, south = companies(5, "North", employees=20), companies(2, "South", employees=30)
    companies(4, "Outside", employees=10)
    join(cluster, north, "north")
    join(cluster, south, "south")
    assert employees(of_network(cluster)) == {"": 160}
    assert employees(hub_of(cluster, "south")) == {}
    assert employees(hub_of(cluster, "north")) == {}
    assert employees(SITE) == {"": 200}


def test_a_network_is_not_shown_where_the_site_less_it_is_one_company(app: Flask) -> None:
    cluster = network("cluster")
    join(cluster, companies(6, "Member", employees=20))
    company("Lonely", employees=7)
    assert employees(SITE) == {"": 127}
    assert employees(of_network(cluster)) == {}


def test_a_network_within_another_is_not_shown_where_two_companies_are_between(app: Flask) -> None:
    large, small = network("large"), network("small")
    inner, outer = companies(5, "Inner", employees=10), companies(2, "Outer", employees=99)
    companies(3, "Neither", employees=1)
    join(large, inner + outer)
    join(small, inner)
    assert employees(of_network(large)) == {"": 248}
    assert employees(of_network(small)) == {}


def test_a_year_of_one_company_is_withheld_with_another_year(app: Flask) -> None:
    companies(4, "Large", employees=300, employees_year=2024)
    companies(3, "Small", employees=20, employees_year=2023)
    company("Only", employees=11, employees_year=2022)
    facts = facts_of(SITE)
    assert values(facts, "employees") == {"2022": None, "2023": None, "2024": 1200}
    assert total(facts, "employees") == 1271
    assert values(facts, "sizes") == {"small": 4, "large": 4}


def test_a_number_that_differs_from_an_edition_by_one_company_is_withheld_until_three_have_changed(app: Flask) -> None:
    firms = companies(5, "Firm", employees=10)
    editions.freeze(SITE, year=2025, title="Facts", note="", by=add_user("Desk"))
    assert employees(SITE) == {"": 50}

    state(firms[0], 17)
    assert employees(SITE) == {}

    state(firms[1], 18)
    state(firms[2], 19)
    assert employees(SITE) == {"": 74}


def test_an_edition_is_compared_with_after_a_change_of_the_secret_key(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    firms = companies(5, "Firm", employees=10)
    editions.freeze(SITE, year=2025, title="Facts", note="", by=add_user("Desk"))
    monkeypatch.setitem(app.config, "SECRET_KEY", "another key")
    forget()
    assert employees(SITE) == {"": 50}
    state(firms[0], 17)
    assert employees(SITE) == {}


def test_what_cannot_be_compared_with_an_edition_is_withheld(app: Flask) -> None:
    companies(5, "Firm", employees=10)
    frozen = editions.freeze(SITE, year=2025, title="Facts", note="", by=add_user("Desk"))
    old = {name: [f"{number:012x}:{number:012x}" for number in range(5)] for name in frozen.facts["marks"]}
    frozen.facts = frozen.facts | {"marks": old}
    db.session.commit()
    forget()
    assert employees(SITE) == {}


def test_page_and_files_say_that_an_edition_is_why_employees_are_not_shown(app: Flask) -> None:
    firms = companies(5, "Firm", employees=10, turnover=1000, turnover_currency="SEK", turnover_year=2024)
    frozen = editions.freeze(SITE, year=2025, title="Facts", note="", by=add_user("Desk"))
    sentence = "What is not shown would, beside an earlier edition, tell about fewer than three organisations."
    client = app.test_client()
    assert sentence not in client.get("/facts").text

    state(db.session.get_one(Organisation, firms[0].id), 17)
    forget()
    page = client.get("/facts").text
    assert sentence in part_of(page, "employees")
    assert sentence not in page.replace(part_of(page, "employees"), "")
    assert re.search(r"<dt>employees stated</dt><dd>not shown</dd>", page)
    line = next(csv.DictReader(StringIO(client.get("/facts/employees.csv").text)))
    assert (line["Value"], line["Withheld"], line["Why withheld"]) == ("", "yes", sentence)
    assert f"Employees: {sentence}" in _content(SITE, facts_of(SITE), "", "Site")["words"]["withheld"]

    edition = client.get(f"/facts/2025/{frozen.number}").text
    row = re.search(r"<tr>\s*<th scope=\"row\">Year not said</th>(.*?)</tr>", part_of(edition, "employees"), re.DOTALL)
    assert row is not None
    assert re.findall(r">([^<>]+)</td>", row[1]) == ["50", "not shown", "–"]


def part_of(page: str, figure: str) -> str:
    """What a page says of one figure."""
    return page.partition(f'<div class="fact" id="{figure}">')[2].partition("</details>")[0]


def test_numbers_of_few_organisations_are_said_to_be_withheld_for_that(app: Flask) -> None:
    for year, many in ((2024, 4), (2023, 3), (2022, 1)):
        companies(many, f"Firm {year}", employees=30, employees_year=year)
    page = app.test_client().get("/facts").text
    assert "What is not shown would tell about fewer than three organisations." in part_of(page, "employees")


def test_a_company_does_not_follow_from_a_year_that_only_an_edition_shows(app: Flask) -> None:
    """The edition shows 2023 and the sum. Today 2022 would be shown beside the sum: with 2023, 2024 would follow."""
    companies(3, "Small", employees=10, employees_year=2022)
    companies(4, "Usual", employees=20, employees_year=2023)
    company("Only", employees=7, employees_year=2024)
    editions.freeze(SITE, year=2025, title="Facts", note="", by=add_user("Desk"))
    assert values(facts_of(SITE), "employees") == {"2022": None, "2023": 80, "2024": None}

    companies(3, "Newer", employees=11, employees_year=2022)
    facts = (forget(), facts_of(SITE))[1]
    shown = {year for year, value in values(facts, "employees").items() if value is not None}
    assert not ("2022" in shown and total(facts, "employees") is not None)


def test_a_company_does_not_follow_from_the_edition_of_another_network(app: Flask) -> None:
    one, other = network("one"), network("other")
    firms = companies(6, "Firm", employees=10)
    companies(4, "Neither", employees=30)
    join(one, firms)
    editions.freeze(of_network(one), year=2025, title="Facts", note="", by=add_user("Desk"))
    join(other, [*firms, company("Only", employees=7)])
    forget()
    assert employees(of_network(one)) == {} or employees(of_network(other)) == {}
    assert employees(of_network(other)) == {}


def test_an_edition_holds_no_number_that_was_withheld_and_no_company_by_name_or_id(app: Flask) -> None:
    companies(2, "Tiny", employees=4321, employees_year=2024)
    companies(4, "Usual", employees=10, employees_year=2025)
    companies(3, "Other", employees=30, employees_year=2023)
    frozen = editions.freeze(SITE, year=2025, title="Facts", note="", by=add_user("Desk"))
    text = str(frozen.facts)
    assert "4321" not in text
    assert "8642" not in text
    assert "Tiny" not in text


def test_a_place_sums_up_nothing_that_companies_state(app: Flask) -> None:
    companies(9, "Firm", employees=10, pipeline=[{"name": "P", "phase": "phase_1"}])
    place = of_place("se", "uppsala")
    assert place is not None
    facts = facts_of(place)
    assert facts["counts"]["organisation"] == 9
    assert not {figure["name"] for figure in facts["figures"]} & {"employees", "sizes", "pipeline", "enquiries"}


def test_projects_of_two_companies_are_not_counted_by_phase(app: Flask) -> None:
    companies(4, "Many", pipeline=[{"name": "A", "phase": "phase_1"}, {"name": "B", "phase": "discovery"}])
    companies(2, "Few", pipeline=[{"name": "C", "phase": "phase_3"}])
    facts = facts_of(SITE)
    assert values(facts, "pipeline")["phase_3"] is None
    assert list(values(facts, "pipeline").values()).count(None) == 2
    assert total(facts, "pipeline") == 10


def test_turnover_is_drawn_where_it_is_in_one_currency(app: Flask) -> None:
    for year in (2023, 2024):
        companies(3, f"Swede {year}", turnover=1000 * year, turnover_currency="SEK", turnover_year=year)
    client = app.test_client()
    drawn = client.get("/facts/turnover.svg").text
    assert [word in drawn for word in ("2023 SEK", "6,069,000", "2024 SEK", "6,072,000")] == [True] * 4
    assert ">Turnover</title>" in client.get("/facts").text

    companies(3, "Dane", turnover=500, turnover_currency="DKK", turnover_year=2024)
    forget()
    assert client.get("/facts/turnover.svg").status_code == 404
    assert "2024 DKK" in part_of(client.get("/facts").text, "turnover")


def test_turnover_in_different_currencies_is_not_added(app: Flask) -> None:
    companies(3, "Swede", turnover=1000, turnover_currency="SEK", turnover_year=2024)
    companies(3, "Dane", turnover=500, turnover_currency="DKK", turnover_year=2024)
    facts = facts_of(SITE)
    assert values(facts, "turnover") == {"2024 DKK": 1500, "2024 SEK": 3000}
    assert total(facts, "turnover") is None


def values(facts: Facts, figure: str) -> dict[str, int | None]:
    """What a figure says by key; nothing where there is none."""
    rows = next((each["rows"] for each in facts["figures"] if each["name"] == figure), [])
    return {row["key"]: row["value"] for row in rows}


def total(facts: Facts, figure: str) -> int | None:
    found: int | None = next(each["total"] for each in facts["figures"] if each["name"] == figure)
    return found


def employees(scope: Scope) -> dict[str, int | None]:
    """What anybody can read of the employees of a scope."""
    forget()
    return values(facts_of(scope), "employees")


def hub_of(of: Network, slug: str) -> Scope:
    return of_hub(next(hub for hub in of.hubs if hub.slug == slug))


def state(firm: Organisation, many: int) -> None:
    firm.employees = many
    db.session.commit()
