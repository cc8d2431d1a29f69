"""The order of the hits."""

from search_index import Index, Query
from search_index.weights import WHOLE_MODEL
from tests.search_index.listings import listing


def test_the_exact_title_is_on_top(index: Index) -> None:
    others = [
        listing(number, f"Flow cytometry flow cytometry unit {number}", "flow cytometry " * 9)
        for number in range(2, 30)
    ]
    index.apply([listing(1, "Flow cytometry", "A room."), *others], [])
    assert index.search(Query("flow cytometry")).ids[0] == 1


def test_the_exact_model_is_on_top_however_it_is_typed(index: Index) -> None:
    others = [listing(number, "LSM 880 user club", "LSM 880 " * 9) for number in range(2, 30)]
    index.apply([listing(1, "Confocal microscope", model="LSM 880"), *others], [])
    for typed in ("LSM 880", "lsm880", "LSM-880"):
        assert index.search(Query(typed)).ids[0] == 1


def test_the_exact_model_is_on_top_with_or_without_its_maker(index: Index) -> None:
    others = [listing(number, "LSM 880 user club of Carl Zeiss", "LSM 880 " * 9) for number in range(2, 30)]
    index.apply([listing(1, "Confocal microscope", model="Carl Zeiss LSM 880"), *others], [])
    for typed in ("LSM 880", "zeiss lsm880", "Carl Zeiss LSM-880"):
        assert index.search(Query(typed)).ids[0] == 1
    assert max(index.search(Query("880")).scores) < WHOLE_MODEL


def test_a_word_in_the_title_counts_for_more_than_in_the_text(index: Index) -> None:
    index.apply([listing(1, "Workshop", "We have a centrifuge."), listing(2, "Centrifuge hall", "Open.")], [])
    assert index.search(Query("centrifuge")).ids == [2, 1]


def test_the_form_that_was_typed_comes_before_its_inflections(index: Index) -> None:
    index.apply([listing(1, "Cells"), listing(2, "Cell"), listing(3, "Cells too")], [])
    assert index.search(Query("cell")).ids[0] == 2


def test_words_side_by_side_come_before_words_far_apart(index: Index) -> None:
    far = "Mass of many other things, and then in the end a spectrometry of light and of the sun as well"
    near = "Light of the sun and many other things as well, and then in the end a mass spectrometry of"
    index.apply([listing(1, "Unit", far), listing(2, "Unit", near)], [])
    assert index.search(Query("mass spectrometry")).ids == [2, 1]


def test_a_boost_lifts_a_document_among_equals(index: Index) -> None:
    index.apply([listing(1, "Laser"), listing(2, "Laser", boost=1.2), listing(3, "Laser", boost=0.8)], [])
    result = index.search(Query("laser"))
    assert result.ids == [2, 1, 3]
    assert result.scores == sorted(result.scores, reverse=True)


def test_without_text_the_boost_decides_then_the_name(index: Index) -> None:
    index.apply([listing(1, "öl"), listing(2, "Beta", boost=2), listing(3, "älg"), listing(4, "Zeta")], [])
    assert index.search(Query()).ids == [2, 3, 1, 4]


def test_sorting_by_name_ignores_case_and_accents(index: Index) -> None:
    names = ["Émile", "alpha", "Beta", "åre", "Zeta"]
    index.apply([listing(number, name) for number, name in enumerate(names)], [])
    assert index.search(Query(sort="name")).ids == [1, 3, 2, 0, 4]


def test_sorting_by_date_shows_the_newest_first(index: Index) -> None:
    index.apply([listing(number, "Laser", updated_at=float(number * 7 % 5)) for number in range(5)], [])
    assert index.search(Query("laser", sort="updated")).ids == [2, 4, 1, 3, 0]


def test_pages_hold_every_hit_once_even_among_equals(index: Index) -> None:
    index.apply([listing(number, "Laser") for number in range(95)], [])
    pages = [index.search(Query("laser", offset=offset, limit=10)) for offset in range(0, 110, 10)]
    assert sorted(id_ for page in pages for id_ in page.ids) == list(range(95))
    assert {page.total for page in pages} == {95}
    assert pages[-1].ids == []


def test_limits_that_make_no_sense_give_an_empty_page(index: Index) -> None:
    index.apply([listing(1, "Laser")], [])
    for query in (Query("laser", limit=0), Query("laser", limit=-5), Query("laser", offset=10**9)):
        result = index.search(query)
        assert (result.ids, result.total) == ([], 1)
