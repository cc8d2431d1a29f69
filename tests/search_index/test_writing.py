"""Documents go in, are replaced and go out again, in commits that hold."""

import stat
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from search_index import Differences, Document, Index, IndexBusy, Query, Text, UnknownField, WhooshIndex
from search_index.updating import MOST_TINY
from search_index.whoosh_segments import WhooshSegment
from tests.search_index.listings import listing


def test_before_anything_is_written_nothing_is_found_and_nothing_made(index: Index, tmp_path: Path) -> None:
    assert not index.exists()
    assert (index.count(), index.generation(), index.documents()) == (0, 0, {})
    result = index.search(Query("laser", filters={"city": ("Lund",)}))
    assert (result.ids, result.total, result.facets["city"]) == ([], 0, [("Lund", 0)])
    assert list(tmp_path.iterdir()) == []


def test_a_change_is_seen_by_the_next_search(index: Index) -> None:
    first = index.apply([listing(1, "Laser")], [])
    second = index.apply([listing(1, "Microscope", version="new")], [])
    assert 0 < first < second == index.generation()
    assert index.search(Query("laser")).total == 0
    assert index.search(Query("microscope")).ids == [1]
    assert index.documents() == {1: "new"}


def test_a_document_taken_away_is_gone(index: Index) -> None:
    index.apply([listing(1, "Laser"), listing(2, "Laser")], [])
    index.apply([], [1, 77])
    assert index.search(Query("laser")).ids == [2]
    assert index.count() == 1


def test_the_last_document_can_be_taken_away(index: Index) -> None:
    index.apply([listing(1, "Laser")], [])
    index.apply([], [1])
    assert index.exists()
    assert index.search(Query()).total == index.count() == 0
    assert index.search(Query("lasers")).corrected is None


def test_an_id_given_twice_in_one_commit_is_there_once_as_it_was_last(index: Index) -> None:
    index.apply([listing(1, "Laser"), listing(1, "Microscope")], [1])
    assert index.count() == 1
    assert index.search(Query("laser")).total == 0
    assert index.search(Query("microscope")).ids == [1]


def test_nothing_to_change_makes_no_new_generation(index: Index) -> None:
    before = index.apply([listing(1, "Laser")], [])
    assert index.apply([], [99]) == before == index.generation()


def test_what_was_written_is_there_when_opened_again(index: Index, open_index: Callable[..., Index]) -> None:
    generation = index.apply([listing(1, "Laser", facets={"city": ("Lund",)})], [])
    again = open_index()
    assert again.exists()
    assert again.generation() == generation
    assert again.search(Query("laser", {"city": ("Lund",)})).ids == [1]


def test_the_check_names_what_is_missing_stale_or_left_over(index: Index) -> None:
    index.apply([listing(1, "a", version="x"), listing(2, "b", version="x"), listing(3, "c", version="x")], [])
    assert index.check([(1, "x"), (2, "newer"), (4, "x")]) == Differences([4], [2], [3])
    assert not index.check([(1, "x"), (2, "x"), (3, "x")])


def test_a_document_that_cannot_be_read_changes_nothing(index: Index) -> None:
    index.apply([listing(1, "Laser")], [])

    class Unreadable(str):
        def __len__(self) -> int:
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        index.apply([listing(2, "Fine"), Document(3, "v", (Text("title", "", Unreadable("x")),), {}, "x", 0.0)], [1])
    assert index.documents() == {1: "v1"}
    index.apply([listing(2, "Fine")], [])
    assert index.documents() == {1: "v1", 2: "v2"}


def test_single_edits_are_joined_in_time_and_nothing_is_lost(whoosh_index: Index, tmp_path: Path) -> None:
    documents = [
        listing(
            number,
            f"Laser number{number}",
            "Für Röntgen",
            language="de",
            facets={"city": (f"c{number % 3}",)},
        )
        for number in range(MOST_TINY + 10)
    ]
    for document in documents:
        whoosh_index.apply([document], [])
    whoosh_index.apply([], [5])
    assert whoosh_index.check(
        [(document.id, document.version) for document in documents if document.id != 5]
    ) == Differences([], [], [])
    assert sum(count for _, count in whoosh_index.search(Query("laser röntgen")).facets["city"]) == MOST_TINY + 9
    assert whoosh_index.search(Query("number7")).ids == [7]
    assert len(list((tmp_path / "index").rglob("*.trm"))) <= 20


def test_the_folder_is_its_owners_alone(whoosh_index: Index, tmp_path: Path) -> None:
    whoosh_index.apply([listing(1, "Laser")], [])
    assert stat.S_IMODE((tmp_path / "index").stat().st_mode) == 0o700


def test_the_lock_can_be_taken_again_by_who_holds_it(index: Index) -> None:
    with index.writing(1), index.writing(1):
        index.apply([listing(1, "Laser")], [])
    assert index.count() == 1


def test_who_waits_too_long_for_the_lock_is_told(index: Index, open_index: Callable[..., Index]) -> None:
    other = open_index()
    with index.writing(1):
        for waiting in (index, other):
            with ThreadPoolExecutor(1) as thread:
                busy = thread.submit(_wait, waiting, 0.05).result()
            assert busy.timeout == 0.05
    with other.writing(1):
        pass


def _wait(index: Index, timeout: float) -> IndexBusy:
    with pytest.raises(IndexBusy) as caught, index.writing(timeout):
        pass
    return caught.value


def test_an_unknown_field_or_facet_is_named() -> None:
    with pytest.raises(UnknownField, match="colour"):
        Text("colour", "en", "red")
    with pytest.raises(UnknownField, match="size"):
        listing(1, "x", facets={"size": ("big",)})


def test_threads_search_and_write_at_the_same_time(index: Index) -> None:
    index.apply([listing(number, "Laser even") for number in range(20)], [])
    stop = threading.Event()
    totals: set[int] = set()

    def search() -> None:
        while not stop.is_set():
            totals.update(index.search(Query(word)).total for word in ("laser", "even", "las*", '"laser even"'))

    with ThreadPoolExecutor(4) as threads:
        running = [threads.submit(search) for _ in range(4)]
        ended = time.monotonic() + 1.0
        number = 100
        while time.monotonic() < ended:
            index.apply([listing(number, "Laser even"), listing(number + 1, "Laser even")], [number - 2, number - 1])
            number += 2
        stop.set()
        for each in running:
            each.result()
    assert totals <= {20, 22}
    assert index.count() == 22


def test_a_text_of_many_megabytes_is_taken_as_far_as_it_counts(index: Index) -> None:
    index.apply([listing(1, "Long", "laser beam " * 200_000 + "zebra")], [])
    assert index.search(Query("laser")).ids == [1]
    assert index.search(Query("zebra")).total == 0


def test_a_word_of_many_listings_is_found_in_all_that_are_left(open_index: Callable[..., Index]) -> None:
    writer = open_index()
    writer.apply([listing(number, "Laser") for number in range(5_000)], [])
    writer.apply([], [*range(2_500), 4_000])
    left = set(range(2_500, 5_000)) - {4_000}
    for index in (writer, open_index()):
        assert set(index.search(Query("laser", limit=5_000)).ids) == left


def test_the_terms_read_in_one_go_are_those_that_whoosh_gives_one_by_one(whoosh_index: WhooshIndex) -> None:
    whoosh_index.apply([listing(1, "Flödescytometer", model="LSM 880"), listing(2, "Laser lab")], [])
    (segment,) = whoosh_index.using(lambda snapshot: snapshot.segments)
    assert isinstance(segment, WhooshSegment)
    assert segment.terms() == [bytes(term) for _, term in segment._reader.all_terms()]
