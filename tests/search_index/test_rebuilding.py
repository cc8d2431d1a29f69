"""The index is built anew beside the live one, and takes its place in one step."""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from search_index import Document, Index, IndexBusy, IndexUnreadable, Query, WhooshIndex
from tests.search_index.listings import listing


def many(count: int, title: str = "Laser") -> Iterator[Document]:
    return (listing(number, f"{title} {number}") for number in range(count))


def test_a_rebuilt_index_holds_exactly_what_it_was_given(index: Index) -> None:
    before = index.apply([listing(900, "Old laser")], [])
    after = index.rebuild(many(50))
    assert after > before
    assert index.documents().keys() == set(range(50))
    assert index.search(Query("old")).total == 0
    assert index.search(Query("laser")).total == 50


def test_an_index_can_be_made_by_a_rebuild_and_be_empty(index: Index) -> None:
    index.rebuild([])
    assert index.exists()
    assert index.count() == 0
    index.apply([listing(1, "Laser")], [])
    assert index.search(Query("laser")).ids == [1]


def test_what_changed_meanwhile_is_caught_up_under_the_lock(index: Index, open_index: Callable[..., Index]) -> None:
    other = open_index()

    def documents() -> Iterator[Document]:
        yield from many(10)
        other.apply([listing(3, "Microscope", version="new"), listing(50, "Microscope")], [4])

    def changed() -> tuple[Iterable[Document], Iterable[int]]:
        with ThreadPoolExecutor(1) as thread:
            assert isinstance(thread.submit(_attempt, other).result(), IndexBusy)
        return [listing(3, "Microscope", version="new"), listing(50, "Microscope")], [4]

    index.apply(list(many(10)), [])
    index.rebuild(documents(), catch_up=changed)
    assert set(other.search(Query("microscope")).ids) == {3, 50}
    assert other.documents()[3] == "new"
    assert 4 not in other.documents()
    assert other.count() == 10


def _attempt(index: Index) -> BaseException | None:
    try:
        with index.writing(0.01):
            return None
    except IndexBusy as busy:
        return busy


def test_generations_go_on_rising_over_changes_and_rebuilds(index: Index) -> None:
    generations = [
        index.apply([listing(1, "a")], []),
        index.apply([listing(2, "b")], []),
        index.rebuild(many(3)),
    ]
    generations += [index.apply([listing(9, "c")], []), index.rebuild(many(2)), index.rebuild(many(2))]
    assert generations == sorted(set(generations))


def test_searches_go_on_while_it_is_rebuilt(index: Index, open_index: Callable[..., Index]) -> None:
    index.rebuild(many(30))
    reader = open_index()
    stop = threading.Event()
    totals: list[int] = []

    def search() -> None:
        while not stop.is_set():
            totals.append(reader.search(Query("laser")).total)

    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(search) for _ in range(2)]
        for count in (40, 50, 60):
            index.rebuild(many(count))
        stop.set()
        for each in running:
            each.result()
    assert set(totals) <= {30, 40, 50, 60}
    assert reader.search(Query("laser")).total == 60


def test_the_old_index_is_removed_and_still_serves_who_has_it_open(whoosh_index: Index, tmp_path: Path) -> None:
    whoosh_index.rebuild(many(5))
    reader = WhooshIndex(tmp_path / "index")
    reader.search(Query("laser"))
    whoosh_index.rebuild(many(6))
    assert len([each for each in (tmp_path / "index").iterdir() if each.is_dir()]) == 1
    assert reader.search(Query("laser")).total == 6


def test_two_rebuilds_at_once_are_one_too_many(index: Index, open_index: Callable[..., Index]) -> None:
    def documents() -> Iterator[Document]:
        with pytest.raises(IndexBusy):
            open_index().rebuild(many(2))
        yield from many(3)

    index.rebuild(documents())
    assert index.count() == 3


def test_a_rebuild_that_fails_leaves_the_old_index(whoosh_index: Index, tmp_path: Path) -> None:
    def documents() -> Iterator[Document]:
        yield from many(3)
        raise OSError("the database went away")

    whoosh_index.rebuild(many(5))
    with pytest.raises(OSError, match="went away"):
        whoosh_index.rebuild(documents())
    assert whoosh_index.count() == 5
    whoosh_index.rebuild(many(7))
    assert whoosh_index.count() == 7
    assert len([each for each in (tmp_path / "index").iterdir() if each.is_dir()]) == 1


def test_an_index_in_another_format_counts_as_none_and_can_be_rebuilt(whoosh_index: Index, tmp_path: Path) -> None:
    before = whoosh_index.apply([listing(1, "Laser")], [])
    folder = tmp_path / "index"
    old = folder / (folder / "current").read_text()
    old.rename(folder / f"0-{old.name.split('-')[1]}")
    (folder / "current").write_text(f"0-{old.name.split('-')[1]}")
    again = WhooshIndex(folder)
    assert not again.exists()
    assert again.rebuild(many(2)) > before
    assert again.count() == 2


@pytest.mark.parametrize("ending", ["toc", "trm", "record.col", "text.col"])
def test_a_damaged_index_is_named_and_can_be_rebuilt(whoosh_index: Index, tmp_path: Path, ending: str) -> None:
    whoosh_index.rebuild(many(3))
    damaged = next((tmp_path / "index").rglob(f"*.{ending}"))
    damaged.write_bytes(b"")
    _is_named_and_rebuilt(tmp_path / "index")


@pytest.mark.parametrize("ending", ["toc", "trm", "pst", "record.col", "text.col"])
def test_an_index_that_lacks_a_file_is_named_and_can_be_rebuilt(
    whoosh_index: Index, tmp_path: Path, ending: str
) -> None:
    whoosh_index.rebuild(many(3))
    next((tmp_path / "index").rglob(f"*.{ending}")).unlink()
    _is_named_and_rebuilt(tmp_path / "index")


def _is_named_and_rebuilt(path: Path) -> None:
    index = WhooshIndex(path)
    with pytest.raises(IndexUnreadable, match="rebuild it"):
        index.search(Query("laser"))
    index.rebuild(many(4))
    assert index.search(Query("laser")).total == 4
