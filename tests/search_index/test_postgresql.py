"""The engine in PostgreSQL: what is its own, beside what it does like the other."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice, product
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("psycopg")

import psycopg

from search_index import Alternative, Document, Index, IndexBusy, Meaning, Query, Text, WhooshIndex
from search_index.postgresql import PostgreSQLIndex
from search_index.postgresql.reading import MOST_RECENT
from tests.search_index.listings import listing
from tests.search_index.test_processes import WAIT, add_for_ever, heard, process, rebuild_slowly

OpenIndex = Callable[..., Index]


@pytest.fixture
def open_index(empty_database: str) -> OpenIndex:
    return partial(PostgreSQLIndex, empty_database)


@pytest.fixture
def server(empty_database: str) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
    """Asks the database; gives the rows if there are any."""
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute("SET client_min_messages = warning")

        def ask(query: str) -> list[tuple[Any, ...]]:
            cursor = connection.execute(query)
            return cursor.fetchall() if cursor.description else []

        yield ask


TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'search_index'"
OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def test_a_process_killed_while_it_writes_leaves_only_whole_changes(index: Index, open_index: OpenIndex) -> None:
    index.apply([listing(1, "Laser")], [])
    with process(add_for_ever, open_index, 100) as (writer, connection):
        for _ in range(10):
            last = heard(connection)
        os.kill(writer.pid or 0, signal.SIGKILL)
        writer.join()
    assert isinstance(last, int)
    with index.writing(10):
        held = index.documents().keys() - {1}
        assert held == set(range(100, max(held) + 1))
        assert max(held) >= last
        index.apply([listing(2, "Afterwards")], [])
    assert open_index().search(Query("afterwards")).ids == [2]
    assert not index.check(index.documents().items())


def test_a_process_killed_while_it_rebuilds_leaves_the_old_index_and_nothing_else(
    index: Index, open_index: OpenIndex, server: Callable[..., list[tuple[Any, ...]]]
) -> None:
    index.apply([listing(1, "Old laser")], [])
    tables = server(TABLES)
    with process(rebuild_slowly, open_index, 1_500, 1_200) as (rebuilding, connection):
        heard(connection)
        os.kill(rebuilding.pid or 0, signal.SIGKILL)
        rebuilding.join()
    _wait_until(lambda: server("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == [(0,)])
    assert index.search(Query("old")).ids == [1]
    index.rebuild([listing(2, "New laser")])
    assert open_index().documents() == {2: "v2"}
    assert server(TABLES) == tables


def _wait_until(ended: Callable[[], bool]) -> None:
    """The server notices a moment later that somebody has gone."""
    until = time.monotonic() + WAIT
    while not ended():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_the_tables_of_an_old_index_are_dropped_and_who_had_them_open_goes_on(
    index: Index, open_index: OpenIndex, server: Callable[..., list[tuple[Any, ...]]]
) -> None:
    index.rebuild([listing(number, "Laser") for number in range(5)])
    reader, tables = open_index(), server(TABLES)
    assert reader.search(Query("laser")).total == 5
    index.rebuild([listing(number, "Laser") for number in range(6)])
    assert server(TABLES) == tables
    assert reader.search(Query("laser")).total == 6


def test_a_rebuild_that_fails_leaves_the_old_index(index: Index) -> None:
    def documents() -> Iterator[Document]:
        yield from (listing(number, "Laser") for number in range(600))
        raise OSError("the database went away")

    index.rebuild([listing(1, "Laser")])
    with pytest.raises(OSError, match="went away"):
        index.rebuild(documents())
    assert index.documents() == {1: "v1"}
    index.rebuild([])
    assert index.count() == 0


def test_an_index_in_another_format_counts_as_none_and_can_be_rebuilt(
    index: Index, open_index: OpenIndex, server: Callable[..., list[tuple[Any, ...]]]
) -> None:
    before = index.apply([listing(1, "Laser")], [])
    server("UPDATE search_index.state SET format = 0")
    again = open_index()
    assert not again.exists()
    assert (again.count(), again.search(Query("laser")).total) == (0, 0)
    assert again.rebuild([listing(2, "Laser")]) > before
    assert again.search(Query("laser")).ids == [2]


def test_an_index_that_was_dropped_and_made_anew_is_not_taken_for_the_old(
    index: Index, open_index: OpenIndex, server: Callable[..., list[tuple[Any, ...]]]
) -> None:
    index.apply([listing(1, "Laser")], [])
    assert index.search(Query("laser")).ids == [1]
    server("DROP SCHEMA search_index CASCADE")
    assert (index.exists(), index.search(Query("laser")).ids) == (False, [])
    open_index().apply([listing(2, "Laser")], [])
    assert index.search(Query("laser")).ids == [2]


def test_searches_go_on_when_the_server_has_closed_all_connections(
    index: Index, server: Callable[..., list[tuple[Any, ...]]]
) -> None:
    index.apply([listing(1, "Laser")], [])
    assert index.search(Query("laser")).ids == [1]
    assert all(server(f"SELECT pg_terminate_backend(pid, 5000) {OTHERS}"))
    assert index.search(Query("laser")).ids == [1]
    index.apply([listing(2, "Laser")], [])
    assert index.search(Query("laser")).total == 2


def test_who_loses_the_connection_loses_the_lock_and_changes_nothing(
    index: Index, open_index: OpenIndex, server: Callable[..., list[tuple[Any, ...]]]
) -> None:
    index.apply([listing(1, "Laser")], [])
    with index.writing(1):
        server(f"SELECT pg_terminate_backend(pid, 5000) {OTHERS}")
        with open_index().writing(5), pytest.raises(psycopg.OperationalError):
            index.apply([listing(2, "Laser")], [])
    assert index.documents() == {1: "v1"}
    with index.writing(1), pytest.raises(IndexBusy), open_index().writing(0):
        pass


def test_versions_that_went_long_ago_are_deleted_and_no_search_misses_anything(
    index: Index, open_index: OpenIndex, server: Callable[..., list[tuple[Any, ...]]]
) -> None:
    index.apply([listing(number, "Laser") for number in range(4)], [])
    asleep, [(edition,)] = open_index(), server("SELECT edition FROM search_index.state")
    assert asleep.search(Query("laser")).total == 4
    index.apply([listing(0, "Microscope")], [1])
    assert server(f"SELECT count(*) FROM search_index.documents_{edition}") == [(5,)]
    server(f"UPDATE search_index.gone_{edition} SET gone_at = gone_at - interval '2 days'")
    index.apply([listing(9, "Laser")], [])
    assert server(f"SELECT count(*) FROM search_index.documents_{edition}") == [(4,)]
    assert server(f"SELECT count(*) FROM search_index.gone_{edition}") == [(0,)]
    for each in (asleep, index, open_index()):
        assert set(each.search(Query("laser")).ids) == {2, 3, 9}
        assert each.search(Query("microscope")).ids == [0]


def test_more_changes_than_are_kept_in_memory_are_found_too(index: Index) -> None:
    index.apply([listing(number, "Laser") for number in range(20)], [])
    assert index.search(Query("laser")).total == 20
    index.apply([listing(number, "Laser again") for number in range(10, 20 + MOST_RECENT)], [0])
    result = index.search(Query("laser"))
    assert (result.total, index.search(Query("again")).total) == (19 + MOST_RECENT, 10 + MOST_RECENT)
    assert len(set(result.ids)) == len(result.ids)


def test_what_changed_lately_scores_as_if_it_had_always_been_there(index: Index, open_index: OpenIndex) -> None:
    index.apply([listing(1, "Laser lab", "Lasers and a laser beam"), listing(2, "Beam line")], [])
    index.search(Query("laser"))
    index.apply([listing(3, "Beams", "A laser beam, laser beams"), listing(4, "Laserlab")], [])
    for text in ("laser beam", '"laser beam"', "beam*", "laserlab", "lasers OR lines"):
        here, anew = index.search(Query(text)), open_index().search(Query(text))
        assert (here.ids, here.snippets, here.facets) == (anew.ids, anew.snippets, anew.facets)
        assert here.scores == pytest.approx(anew.scores)


def test_a_long_text_is_found_to_its_end_and_its_phrases_too(index: Index) -> None:
    filling = ["".join(letters) for letters in islice(product("abcdefghijklmnopqrst", repeat=4), 9_000)]
    filling[999:1_001] = "gamma", "knife"
    filling[8_998:9_000] = "ion", "beam"
    index.apply([listing(1, "Long", " ".join(filling))], [])
    for text in ('"gamma knife"', '"ion beam"', f'"{" ".join(filling[5_990:6_010])}"', filling[8_000]):
        assert index.search(Query(text)).ids == [1]
    assert index.search(Query('"knife gamma"')).total == 0


def test_texts_that_postgresql_would_not_take_are_indexed_all_the_same(index: Index) -> None:
    capitals = "".join(f"Ab{chr(97 + number % 26)}{'c' * (number % 9)}" for number in range(60_000))
    tag = "it's a \\ | & <-> :* tag"
    strange = Document(
        1,
        "a\x00b",
        (Text("title", "", "Laser \x00 \ud800 'x' \\"), Text("keywords", "", capitals)),
        {},
        "n",
        0.0,
        tags=(tag,),
    )
    index.apply([strange, listing(2, "X" + "y" * 5_000)], [])
    assert index.search(Query("laser")).ids == [1]
    assert index.search(Query("X" + "y" * 5_000)).ids == [2]
    assert index.search(Query("other", meanings=(Meaning(0, 1, "k", (Alternative(tag=tag),)),))).ids == [1]


WORDS = ["laser", "lasers", "beam", "cell", "celler", "svepelektronmikroskop", "mikroskop", "LSM 880", "7 T", "über"]


def test_both_engines_find_the_same(index: Index, tmp_path: Path) -> None:
    draw = random.Random(4)
    other = WhooshIndex(tmp_path / "other")
    documents = [
        listing(number, " ".join(draw.choices(WORDS, k=3)), " ".join(draw.choices(WORDS, k=9)), language="sv")
        for number in range(60)
    ]
    for each in (index, other):
        each.apply(documents, [])
    meanings = (Meaning(0, 1, "m", (Alternative("beam cell"), Alternative("LSM880", weight=0.5))),)
    for _ in range(60):
        text = "".join(draw.choice(["", "", "-", '"', " OR "]) + " " + draw.choice(WORDS) for _ in range(3))
        query = Query(text, meanings=meanings, limit=60, forgiving=False)
        found, expected = index.search(query), other.search(query)
        assert (set(found.ids), found.total) == (set(expected.ids), expected.total), text
        if found.total < 60:
            assert found.snippets == expected.snippets
