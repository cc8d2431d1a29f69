"""Tuning: which values of weights are worth taking over."""

from collections.abc import Iterator

import pytest

import search_index.weights
from benchmarks.tune import GUESSES, Weight, tune
from tests.relevance.measures import Score


@pytest.fixture
def nearness() -> Iterator[Weight]:
    """A weight that is put back when the test is over."""
    weight = Weight.called("NEARNESS")
    before = weight.value
    yield weight
    weight.set(before)


def test_a_value_that_gains_is_kept_and_others_are_put_back(nearness: Weight) -> None:
    def nearer_to_seven() -> Score:
        return Score(1 - abs(nearness.value - 7) / 100, 0.0, 0.0, 0.0)

    assert tune([(nearness, [1, 6, 7, 9])], nearer_to_seven) == {"NEARNESS": 7}
    assert search_index.weights.NEARNESS == 7


def test_what_gains_next_to_nothing_is_left_as_it_is(nearness: Weight) -> None:
    before = nearness.value
    assert tune([(nearness, [before + 1])], lambda: Score(0.9 + nearness.value / 10_000, 0, 0, 0)) == {}
    assert nearness.value == before


@pytest.mark.parametrize("label", GUESSES)
def test_every_weight_that_is_tried_can_be_set(label: str) -> None:
    weight = Weight.called(label)
    before = weight.value
    weight.set(before + 1)
    try:
        assert Weight.called(label).value == before + 1
    finally:
        weight.set(before)


@pytest.mark.parametrize("label", ["NEARNES", "title", "title.colour", "PREFERRED.moon", "FIELD_WEIGHTS"])
def test_a_name_that_is_no_weight_is_said_to_be_none(label: str) -> None:
    with pytest.raises(SystemExit, match=label):
        Weight.called(label)
