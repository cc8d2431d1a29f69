"""An attacker who knows who belongs where, and who adds and subtracts all numbers that are shown, learns nothing about
fewer than three organisations: tried exactly, by the rank of equations, on random networks, hubs and years."""

from itertools import combinations
from random import Random

import numpy as np
import pytest

from facilities.insight.facts import solving
from facilities.insight.facts.contributions import Contribution
from facilities.insight.facts.frozen import ALL
from facilities.insight.facts.protected import OPEN_SUM, Cell, Protected, _put, _scopes_around, _sums

WORLDS = 25


def world(random: Random, *, overlapping: bool, figure: str = "employees", most: int = 1) -> Protected:
    """Up to 14 organisations in a site with one or two networks with hubs; each states something for one year, or for
    as many as `most`."""
    everybody = range(random.randint(4, 14))
    members, pool = {"site": frozenset(everybody)}, list(everybody)
    for network in "ab"[: random.randint(1, 2)]:
        share = random.choice([0.5, 0.8, 0.95])
        inside = [one for one in pool if random.random() < share]
        members[f"network/{network}"] = frozenset(inside)
        placed = {one: random.choice(["x", "y", "z", ""]) for one in inside}
        for hub in "xyz":
            members[f"hub/{network}/{hub}"] = frozenset(one for one in inside if placed[one] == hub)
        pool = pool if overlapping else inside
    found = Protected()
    for one in everybody:
        for year in random.sample(["2023", "2024", "2025"][: most + 1], random.randint(1, most)):
            for scope in (scope for scope, ids in members.items() if one in ids):
                _put(found, scope, Contribution(figure, year, one, 1))
    found.hide(_sums(found, _scopes_around(members)), [])
    return found


def told(found: Protected) -> list[tuple[int, ...]]:
    """One or two organisations about whom something follows from the cells that are shown, and not from those alone
    that are never withheld."""
    shown = [cell for cell in found.cells if cell not in found.hidden]
    always = [cell for cell in shown if (cell[0], cell[2]) == OPEN_SUM]
    return sorted(told_by(found, shown) - told_by(found, always))


def told_by(found: Protected, shown: list[Cell]) -> set[tuple[int, ...]]:
    people = sorted({one for by in found.cells.values() for one in by})
    said = sorted({(one, cell[2]) for cell, by in found.cells.items() if cell[2] != ALL for one in by})
    equations = np.array([[float(is_in(found, cell, *each)) for each in said] for cell in shown])
    if not shown:
        return set()
    rank = np.linalg.matrix_rank(equations)
    few = [some for count in (1, 2) for some in combinations(people, count)]
    others = {some: [at for at, (one, _year) in enumerate(said) if one not in some] for some in few}
    return {some for some in few if np.linalg.matrix_rank(equations[:, others[some]]) < rank}


def is_in(found: Protected, cell: Cell, one: int, year: str) -> bool:
    """Whether what an organisation says for a year is a part of a number."""
    figure, scope, key = cell
    return key in (year, ALL) and one in found.cells.get((figure, scope, year), ())


@pytest.mark.parametrize("overlapping", [False, True])
def test_nothing_follows_about_one_or_two_organisations(overlapping: bool) -> None:
    worlds = [world(Random(seed), overlapping=overlapping) for seed in range(WORLDS)]
    assert [told(found) for found in worlds] == [[] for _found in worlds]
    assert sum(len(found.cells) > len(found.hidden) for found in worlds) > WORLDS / 2


def test_nothing_follows_either_where_there_are_too_many_unknowns_to_solve_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "MOST_UNKNOWNS", 4)
    worlds = [world(Random(seed), overlapping=True) for seed in range(WORLDS)]
    assert [told(found) for found in worlds] == [[] for _found in worlds]
    assert any(len(found.cells) > len(found.hidden) for found in worlds)


@pytest.mark.parametrize(("figure", "most"), [("pipeline", 2), ("size", 1)])
def test_nothing_follows_either_about_what_is_stated_for_several_years_or_beside_a_sum_that_is_known(
    figure: str, most: int
) -> None:
    worlds = [world(Random(seed), overlapping=True, figure=figure, most=most) for seed in range(2 * WORLDS)]
    assert [told(found) for found in worlds] == [[] for _found in worlds]
    assert sum(not is_bare(found) for found in worlds) > WORLDS / 2


def is_bare(found: Protected) -> bool:
    """Whether nothing is shown but what always is."""
    return all(cell in found.hidden or (cell[0], cell[2]) == OPEN_SUM for cell in found.cells)


def test_most_numbers_of_a_large_catalogue_are_shown() -> None:
    """Ten networks overlap, so that there are thousands of sums that could be told apart."""
    random, everybody = Random(7), range(4000)
    members = {"site": frozenset(everybody)}
    members |= {f"network/{name}": frozenset(random.sample(everybody, 1500)) for name in "abcdefghij"}
    found = Protected()
    for one in everybody:
        for year in random.sample(range(2018, 2027), 4):
            for scope in (scope for scope, ids in members.items() if one in ids):
                _put(found, scope, Contribution("enquiries", str(year), one, 1))
    found.hide(_sums(found, _scopes_around(members)), [])
    assert len(found.hidden) < len(found.cells) / 10


def test_the_attack_would_succeed_without_the_rule() -> None:
    found = world(Random(1), overlapping=True)
    found.hidden.clear()
    assert told(found)


def test_the_sum_of_a_figure_is_never_shown_beside_all_but_a_small_part() -> None:
    found = Protected()
    for one in range(9):
        _put(found, "site", Contribution("pipeline", "phase_1" if one < 2 else "discovery", one, 1))
    found.hide(_sums(found, _scopes_around({"site": frozenset(range(9))})), [])
    assert found.amounts("pipeline", "site") == {"phase_1": None, "discovery": None, ALL: 9}
