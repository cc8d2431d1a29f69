"""The attacker keeps all editions: what they showed is still known when organisations have changed, moved or left.
Nothing about one or two organisations follows from it and the numbers of today."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from itertools import combinations
from random import Random

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import SiteRole
from facilities.db import db
from facilities.insight.facts import editions
from facilities.insight.facts.contributions import Contribution
from facilities.insight.facts.frozen import ALL, Frozen
from facilities.insight.facts.protected import OPEN_SUM, Protected, _put, _scopes_around, _sums
from facilities.insight.facts.report import forget
from facilities.insight.facts.scopes import SITE
from tests.insight.facts_cast import companies, company, join, network
from tests.people import add_user

WORLDS = 50
YEARS = ("2023", "2024", "2025")
LATER = 3
"""How often editions are frozen, and organisations change, in a world."""

Number = frozenset[tuple[int, str, int]]
"""What a number is the sum of: organisation, key and amount."""


class Region:
    """A site with one or two networks with hubs, whose organisations change what they state, come, move and leave."""

    def __init__(self, seed: int, figure: str, most: int) -> None:
        self.random, self.figure, self.most = Random(seed), figure, most
        self.says = {one: self._statement() for one in range(self.random.randint(4, 12))}
        self.hubs = {name: {one: self.random.choice("xyz_") for one in self.says if self.random.random() < 0.8}
                     for name in "ab"[: self.random.randint(1, 2)]}  # fmt: skip
        self.editions: list[Frozen] = []
        self.known: set[Number] = set()
        """What editions have shown."""

    def _statement(self) -> dict[str, int]:
        """For one year, or for as many as `most`. A size is stated by one organisation once."""
        years = self.random.sample(YEARS, self.random.randint(1, self.most))
        return {year: 1 if self.figure == "size" else self.random.randint(1, 10**9) for year in years}

    def members(self) -> dict[str, frozenset[int]]:
        found = {"site": frozenset(self.says)}
        for name, hubs in self.hubs.items():
            found[f"network/{name}"] = frozenset(hubs) & found["site"]
            found |= {f"hub/{name}/{hub}": frozenset(one for one in found["site"] if hubs.get(one) == hub)
                      for hub in "xyz"}  # fmt: skip
        return found

    def facts(self) -> Protected:
        """What is shown today."""
        found, members = Protected(), self.members()
        for one, years in self.says.items():
            for year, amount in years.items():
                for scope in (scope for scope, ids in members.items() if one in ids):
                    _put(found, scope, Contribution(self.figure, year, one, amount))
        found.hide(_sums(found, _scopes_around(members)), self.editions)
        return found

    def shown(self, facts: Protected, *scopes: str) -> dict[tuple[str, str], Number]:
        """By scope and key, what the numbers are made of."""
        return {(scope, key): frozenset((one, year, amount) for one in facts.cells[figure, scope, key]
                                        for year, amount in self.says[one].items() if key in (year, ALL))
                for figure, scope, key in set(facts.cells) - facts.hidden if scope in scopes}  # fmt: skip

    def freeze(self, facts: Protected) -> None:
        """One to three editions."""
        scopes = sorted(self.members())
        for scope in self.random.sample(scopes, min(len(scopes), self.random.randint(1, 3))):
            self.editions.append(Frozen(scope, facts.marks(scope), facts.marks_withheld(scope)))
            self.known |= set(self.shown(facts, scope).values())

    def change(self) -> None:
        """One to four organisations state something else, leave, come or move."""
        for _time in range(self.random.randint(1, 4)):
            one, hubs = self.random.choice(sorted(self.says)), self.random.choice(list(self.hubs.values()))
            match self.random.choice(["states", "states", "leaves", "comes", "moves", "moves"]):
                case "states":
                    self.says[one] = self._statement()
                case "leaves" if len(self.says) > 4:
                    del self.says[one]
                case "comes":
                    self.says[max(self.says) + 1] = self._statement()
                    hubs[max(self.says)] = self.random.choice("xyz_")
                case "moves":
                    hubs[one] = self.random.choice("xyz_")

    def told(self) -> Iterator[set[tuple[int, ...]]]:
        """Again and again, about whom the numbers of today tell something that editions alone do not."""
        for _year in range(LATER):
            facts = self.facts()
            shown = self.shown(facts, *self.members())
            always = {number for (_scope, key), number in shown.items() if (self.figure, key) == OPEN_SUM}
            yield told_by(self.known | set(shown.values())) - told_by(self.known | always)
            self.freeze(facts)
            self.change()


def told_by(numbers: set[Number]) -> set[tuple[int, ...]]:
    """The ones and twos about whom something follows from these numbers."""
    said = sorted(frozenset[tuple[int, str, int]]().union(*numbers))
    if not said:
        return set()
    equations = np.array([[float(each in number) for each in said] for number in numbers])
    rank = np.linalg.matrix_rank(equations)
    few = [some for count in (1, 2) for some in combinations(sorted({one for one, *_said in said}), count)]
    others = {some: [at for at, (one, *_said) in enumerate(said) if one not in some] for some in few}
    return {some for some in few if np.linalg.matrix_rank(equations[:, others[some]]) < rank}


@pytest.mark.parametrize(("figure", "most"), [("employees", 1), ("pipeline", 2), ("size", 1)])
def test_nothing_follows_from_several_editions_when_organisations_change_move_and_leave(figure: str, most: int) -> None:
    worlds = {seed: [told for told in Region(seed, figure, most).told() if told] for seed in range(WORLDS)}
    assert {seed: told for seed, told in worlds.items() if told} == {}


def test_numbers_are_shown_again_beside_editions() -> None:
    region = Region(1, "employees", 1)
    region.says = {one: {YEARS[one % 3]: 10 + one} for one in range(30)}
    region.freeze(region.facts())
    region.says |= {one: {YEARS[one % 3]: 90 + one} for one in range(18)}
    facts = region.facts()
    assert {key for scope, key in region.shown(facts, "site")} == {*YEARS, ALL}


@pytest.fixture
def moved(app: Flask) -> FlaskClient:
    """An edition of the site is frozen when R and S are the only ones of 2025, so that the year is withheld; then two
    companies change that are in no network. All that state another year than 2023 are in a network, but for S."""
    outside = companies(3, "Outside", employees=10, employees_year=2023)
    inside = companies(3, "Inside", employees=20, employees_year=2023)
    inside += [company(name, employees=101, employees_year=2024) for name in "PQ"]
    inside += [company("R", employees=103, employees_year=2025)]
    company("S", employees=777, employees_year=2025)
    join(network("north"), inside)
    user = add_user("Desk", site_role=SiteRole.MODERATOR)
    editions.freeze(SITE, year=2025, title="Facts", note="", by=user)
    for each in outside[:2]:
        each.employees = 99
    db.session.commit()
    forget()
    return app.test_client()


def test_the_employees_of_a_company_do_not_follow_from_an_edition_and_a_network(moved: FlaskClient) -> None:
    """The edition's sum without 2023 is P, Q, R and S; the network's is P, Q and R."""
    others = [without_2023(moved, address) for address in ("/facts/2025/1", "/networks/north/facts")]
    assert others[0] == 2 * 101 + 103 + 777
    assert others[1] is None


def without_2023(client: FlaskClient, address: str) -> int | None:
    """What a page says of all years but 2023; None if it does not say it."""
    total = re.search(r"<dt>employees stated</dt><dd>([\d,]+)</dd>", client.get(address).text)
    rows = csv.DictReader(StringIO(client.get(f"{address}.csv").text))
    of_2023 = next((row["Value"] for row in rows if (row["Figure"], row["Key"]) == ("employees", "2023")), "")
    return int(total[1].replace(",", "")) - int(of_2023) if total and of_2023 else None


def test_an_edition_that_does_not_say_what_its_sums_were_made_of_has_them_withheld_everywhere(app: Flask) -> None:
    firms = companies(9, "Firm", employees=10, employees_year=2024, turnover=5, turnover_currency="SEK")
    join(network("north"), firms[:6])
    editions.freeze(SITE, year=2025, title="Facts", note="", by=add_user("Desk"))
    client = app.test_client()
    assert "<dt>employees stated</dt><dd>60</dd>" in client.get("/networks/north/facts").text

    frozen = editions.edition_of(SITE, 2025)
    assert frozen is not None
    frozen.facts = {name: part for name, part in frozen.facts.items() if name != "marks_withheld"}
    db.session.commit()
    forget()
    page = client.get("/networks/north/facts").text
    assert "<dt>employees stated</dt><dd>60</dd>" not in page
    assert "What is not shown would, beside an earlier edition, tell about fewer than three organisations." in page
    lines = list(csv.DictReader(StringIO(client.get("/networks/north/facts.csv").text)))
    assert [row["Value"] for row in lines if row["Figure"] == "turnover"] == ["30"]


def test_an_edition_keeps_nothing_of_what_is_withheld_where_no_sum_is_shown(app: Flask) -> None:
    companies(1, "Alone", turnover=5, turnover_currency="SEK", employees=10, employees_year=2024)
    companies(3, "Firm", employees=10, employees_year=2025)
    companies(3, "Other", employees=10, employees_year=2023)
    facts = editions.freeze(SITE, year=2025, title="Facts", note="", by=add_user("Desk")).facts
    assert {name.partition("|")[0] for name in facts["marks_withheld"]} == {"employees"}
    assert len(facts["marks_withheld"]["employees|2024"]) == 1
