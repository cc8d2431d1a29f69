"""What is shown of a hit: the best passage, with the found words marked."""

import pytest

from search_index import Index, Query
from tests.search_index.listings import listing


def shown(index: Index, typed: str, id_: int = 1) -> str:
    """The snippet with marks around the found words."""
    pieces = index.search(Query(typed)).snippets[id_]
    return "".join(f"[{text}]" if found else text for text, found in pieces)


def test_the_found_words_are_marked_as_they_are_written(index: Index) -> None:
    index.apply([listing(1, "Core", "Vi mäter celler med FLÖDESCYTOMETRAR.", language="sv")], [])
    assert shown(index, "flodescytometrarna") == "Vi mäter celler med [FLÖDESCYTOMETRAR]."


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("lsm880", "the [LSM]-[880] stands by the FACSAria"),
        ("lsm 880", "the [LSM]-[880] stands by the FACSAria"),
        ("facs aria", "the LSM-880 stands by the [FACSAria]"),
        ('"stands by"', "the LSM-880 [stands] [by] the FACSAria"),
        ("stand*", "the LSM-880 [stands] by the FACSAria"),
    ],
)
def test_names_phrases_and_beginnings_are_marked(index: Index, typed: str, marked: str) -> None:
    index.apply([listing(1, "Core", "the LSM-880 stands by the FACSAria")], [])
    assert shown(index, typed) == marked


def test_a_name_of_letters_and_digits_is_one_mark(index: Index) -> None:
    index.apply([listing(1, "Core", "an LSM880 at 7T")], [])
    assert shown(index, "lsm-880 7t") == "an [LSM880] at [7T]"


def test_a_long_text_is_cut_around_the_passage_with_the_most_found_words(index: Index) -> None:
    filler = "Nothing of interest is said in this sentence of many words. " * 8
    text = f"A laser. {filler}Here is the confocal laser for live cells. {filler}"
    index.apply([listing(1, "Core", text)], [])
    marked = shown(index, "confocal laser cells")
    assert "the [confocal] [laser] for live [cells]" in marked
    assert marked.startswith("…")
    assert marked.endswith("…")
    assert len(marked.replace("[", "").replace("]", "").strip("…")) <= 160


def test_words_are_not_cut_in_the_middle(index: Index) -> None:
    text = " ".join(f"interesting{number}" for number in range(100)) + " laser " + "thing " * 50
    index.apply([listing(1, "Core", text)], [])
    words = shown(index, "laser").strip("…").replace("[", "").replace("]", "").split()
    assert set(words) <= set(text.split())


def test_a_description_is_shown_even_when_another_text_was_found(index: Index) -> None:
    index.apply([listing(1, "Core", "A room with a view.", keywords="laser, optics")], [])
    assert shown(index, "optics") == "A room with a view."


def test_a_passage_keeps_to_the_line_with_the_most_different_words(index: Index) -> None:
    description = "A room with a laser.\nThe laser is for optics.\nLaser laser laser."
    index.apply([listing(1, "Core", description)], [])
    assert shown(index, "laser optics") == "The [laser] is for [optics]."
    assert shown(index, "laser") == "A room with a [laser]."


def test_without_a_description_the_text_that_was_found_is_shown(index: Index) -> None:
    index.apply([listing(1, "Core", keywords="laser, optics")], [])
    assert shown(index, "optics") == "laser, [optics]"


def test_a_word_found_in_the_title_only_leaves_the_description_unmarked(index: Index) -> None:
    index.apply([listing(1, "Laser core", "A room with a view.")], [])
    assert shown(index, "laser") == "A room with a view."


def test_without_a_text_the_title_is_shown_and_without_a_query_the_beginning(index: Index) -> None:
    index.apply([listing(1, "Laser core"), listing(2, "Room", "With a view. " * 30)], [])
    assert shown(index, "laser") == "[Laser] core"
    assert shown(index, "", 2).startswith("With a view. With")
    assert shown(index, "", 2).endswith("…")


def test_accents_written_apart_do_not_shift_the_marks(index: Index) -> None:
    index.apply([listing(1, "Core", "Ma\u0308tning av ljus med spektrometer", language="sv")], [])
    assert shown(index, "ljus") == "Mätning av [ljus] med spektrometer"
