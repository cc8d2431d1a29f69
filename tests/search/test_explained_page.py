"""The parts of a score as the desk reads them."""

from facilities.search.explaining import merged
from search_index import Part


def test_equal_parts_are_one_and_what_adds_nothing_is_left_out() -> None:
    parts = [
        Part("word", "confocal", 2.0),
        Part("confirmed", "", 0.0),
        Part("near", "", 1.5),
        Part("word", "confocal", 1.0),
        Part("city", "", 0.5),
        Part("word", "laser", -1.0),
    ]
    assert merged(parts) == [Part("word", "confocal", 3.0), Part("place", "", 2.0), Part("word", "laser", -1.0)]
