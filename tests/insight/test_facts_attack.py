"""An attacker who knows who belongs where, and who adds and subtracts all numbers that are shown, learns nothing about
fewer than three organisations: tried exactly, by the rank of equations, on random networks, hubs and years."""

from itertools import combinations
from random import Random

import numpy as np
import pytest

from facilities.insight.facts import solving
from facilities.insight.facts.contributions import Contribution
from facilities.insight.facts.protected import ALL, Cell, Protected, _put, _scopes_around, _sums

WORLDS = 25


def world(random: Random, *, overlapping: bool) -> Protected:
    """Up to 14 organisations in a site with one or two networks with hubs; each states employees of one year."""
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
        said = Contribution("employees", random.choice(["2023", "2024"]), one, 1)
        for scope in (scope for scope, ids in members.items() if one in ids):
            _put(found, scope, said)
    found.hide(_sums(found, _scopes_around(members)), [])
    return found


def told(found: Protected) -> list[tuple[int, ...]]:
    """One or two organisations about whom something follows from the cells that are shown."""
    shown: list[Cell] = [cell for cell in found.cells if cell not in found.hidden]
    people = sorted({one for by in found.cells.values() for one in by})
    equations = np.array([[float(one in found.cells[cell]) for one in people] for cell in shown])
    if not shown:
        return []
    rank = np.linalg.matrix_rank(equations)
    few = [some for count in (1, 2) for some in combinations(range(len(people)), count)]
    return [some for some in few if np.linalg.matrix_rank(np.delete(equations, some, axis=1)) < rank]


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
