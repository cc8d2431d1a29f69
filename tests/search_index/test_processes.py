"""Several processes use one index, and any of them may be killed at any moment."""

import itertools
import os
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from search_index import Document, Index, Query, WhooshIndex
from search_index.lazy import lazy
from tests.search_index.listings import listing

spawn = get_context("spawn")
WAIT = 60
"""Seconds after which a process that says nothing counts as hung."""


@contextmanager
def process(work: Callable[..., None], *arguments: object) -> Iterator[tuple[BaseProcess, Connection]]:
    """Another process that does `work(connection, *arguments)`, and our end of the connection."""
    ours, theirs = spawn.Pipe()
    started = spawn.Process(target=work, args=(theirs, *arguments))
    started.start()
    theirs.close()
    try:
        yield started, ours
    finally:
        started.kill()
        started.join()
        ours.close()


def heard(connection: Connection) -> object:
    """What the other process says next."""
    assert connection.poll(WAIT), "the other process hung"
    return connection.recv()


def answer_searches(connection: Connection, open_index: Callable[..., Index]) -> None:
    index = open_index()
    connection.send("ready")
    while True:
        try:
            connection.send(index.search(Query(connection.recv())).ids)
        except EOFError:
            return


def test_what_one_process_changes_the_next_search_in_another_sees(
    index: Index, open_index: Callable[..., Index]
) -> None:
    index.apply([listing(1, "Laser")], [])
    with process(answer_searches, open_index) as (_, other):
        heard(other)
        for number in range(2, 40):
            index.apply([listing(number, f"Laser round{number}")], [])
            other.send(f"round{number}")
            assert heard(other) == [number]
            index.apply([], [number])
            other.send("laser")
            assert heard(other) == [1]


def change_pairs(connection: Connection, open_index: Callable[..., Index], base: int, rounds: int) -> None:
    """Replace two documents in one commit, again and again, and look at once whether both are seen."""
    index = open_index()
    for number in range(rounds):
        facets = {"city": (f"{base} {number}",)}
        index.apply(
            [
                listing(base + at, f"Laser writer{base}round{number}end", version=str(number), facets=facets)
                for at in (0, 1)
            ],
            [base + 2],
        )
        found = index.search(Query(f"writer{base}round{number}end"))
        connection.send(sorted(found.ids))
    connection.send("done")


def test_writers_and_readers_in_several_processes_never_see_half_a_change(
    index: Index, open_index: Callable[..., Index]
) -> None:
    rounds, bases = 15, (100, 200, 300)
    index.apply([listing(1, "Laser", facets={"city": ("still",)})], [])
    with (
        process(change_pairs, open_index, bases[0], rounds) as (_, first),
        process(change_pairs, open_index, bases[1], rounds) as (_, second),
        process(change_pairs, open_index, bases[2], rounds) as (_, third),
    ):
        waiting = dict(zip(bases, (first, second, third), strict=True))
        ended = time.monotonic() + WAIT
        while waiting:
            assert time.monotonic() < ended, "the writers hung"
            _look_for_half_changes(index)
            for base, connection in list(waiting.items()):
                if connection.poll() and (said := connection.recv()) != [base, base + 1]:
                    assert said == "done"
                    del waiting[base]
    expected = [(base + at, str(rounds - 1)) for base in bases for at in (0, 1)]
    assert not index.check([(1, "v1"), *expected])


def _look_for_half_changes(index: Index) -> None:
    result = index.search(Query("laser"))
    counts = dict(result.facets["city"])
    assert counts.pop("still") == 1
    assert set(counts.values()) <= {2}
    assert len(set(result.ids)) == len(result.ids) == result.total == 1 + 2 * len(counts)


def add_for_ever(connection: Connection, open_index: Callable[..., Index], base: int) -> None:
    index = open_index()
    for number in itertools.count(base):
        index.apply([listing(number, f"Laser {number}")], [number - 20])
        connection.send(number)


@pytest.mark.parametrize("delay", [0.001, 0.004, 0.009, 0.013])
def test_a_process_killed_while_it_writes_loses_nothing_that_was_committed(
    whoosh_index: Index, tmp_path: Path, delay: float
) -> None:
    whoosh_index.apply([listing(1, "Laser")], [])
    with process(add_for_ever, partial(WhooshIndex, tmp_path / "index"), 100) as (writer, connection):
        for _ in range(15):
            last = heard(connection)
        time.sleep(delay)
        os.kill(writer.pid or 0, signal.SIGKILL)
        writer.join()
        while connection.poll():
            try:
                last = connection.recv()
            except EOFError:
                break
    assert isinstance(last, int)
    for opened in (whoosh_index, WhooshIndex(tmp_path / "index")):
        whole = [{1, *range(max(100, newest - 19), newest + 1)} for newest in (last, last + 1)]
        assert opened.documents().keys() in whole
        assert set(opened.search(Query("laser", limit=99)).ids) in whole
    with whoosh_index.writing(1):
        whoosh_index.apply([listing(2, "Afterwards"), listing(last + 1, "Again")], [])
    assert WhooshIndex(tmp_path / "index").search(Query("afterwards OR again")).total == 2
    assert whoosh_index.count() == len(whoosh_index.documents())


def test_a_writer_that_dies_before_it_tells_of_its_commit_leaves_neither_doubles_nor_phantoms(
    whoosh_index: Index, tmp_path: Path
) -> None:
    tick, reader = tmp_path / "index" / "tick", WhooshIndex(tmp_path / "index")
    whoosh_index.apply([listing(1, "Laser"), listing(2, "Laser")], [])
    assert reader.search(Query("laser")).total == whoosh_index.search(Query("laser")).total == 2
    told = tick.read_bytes()
    WhooshIndex(tmp_path / "index").apply([listing(3, "Laser")], [1])
    tick.write_bytes(told)
    whoosh_index.apply([listing(3, "Laser", version="again")], [])
    whoosh_index.apply([], [1])
    for each in (whoosh_index, reader):
        assert sorted(each.search(Query("laser")).ids) == [2, 3]
        assert each.documents() == {2: "v2", 3: "again"}
    told = tick.read_bytes()
    WhooshIndex(tmp_path / "index").apply([], [2])
    tick.write_bytes(told)
    whoosh_index.apply([], [2])
    assert reader.search(Query("laser")).ids == [3]


def rebuild_slowly(connection: Connection, open_index: Callable[..., Index], count: int, said_at: int) -> None:
    def documents() -> Iterator[Document]:
        for number in range(count):
            if number == said_at:
                connection.send("going on")
            yield listing(number, f"New laser {number}")
        connection.send("given")

    open_index().rebuild(documents())
    connection.send("done")


@pytest.mark.parametrize(
    ("said_at", "delay"), [(250, 0.0), (499, 0.02), (499, 0.08), (499, 0.12), (499, 0.16), (499, 0.2)]
)
def test_a_process_killed_while_it_rebuilds_leaves_a_whole_index(
    whoosh_index: Index, tmp_path: Path, said_at: int, delay: float
) -> None:
    whoosh_index.apply([listing(number, f"Old laser {number}") for number in range(30)], [])
    with process(rebuild_slowly, partial(WhooshIndex, tmp_path / "index"), 500, said_at) as (rebuilding, connection):
        heard(connection)
        time.sleep(delay)
        os.kill(rebuilding.pid or 0, signal.SIGKILL)
        rebuilding.join()
    for opened in (whoosh_index, WhooshIndex(tmp_path / "index")):
        old, new = opened.search(Query("old laser")).total, opened.search(Query("new laser")).total
        assert (old, new) in ((30, 0), (0, 500))
        assert opened.count() == old + new
    whoosh_index.rebuild([listing(1, "Afterwards")])
    assert WhooshIndex(tmp_path / "index").documents() == {1: "v1"}
    assert len([each for each in (tmp_path / "index").iterdir() if each.is_dir()]) == 1


def fork_and_use(connection: Connection, open_index: Callable[..., Index]) -> None:
    """Use an index before and after a fork, in both processes at once, the parent holding the lock."""
    warnings.simplefilter("ignore", DeprecationWarning)
    index = open_index(warm=True)
    index.apply([listing(number, f"Laser {number}") for number in range(20)], [])
    before = index.search(Query("laser")).ids
    with index.writing(1):
        child = os.fork()
        if child == 0:
            index.apply([listing(99, "From the child")], [])
            answers = [index.search(Query("laser")).ids for _ in range(200)]
            os._exit(0 if all(each == before for each in answers) else 1)
        index.apply([listing(98, "From the parent")], [])
        time.sleep(0.2)
        held = 99 not in index.documents()
    answers = [index.search(Query("laser")).ids for _ in range(200)]
    _, status = os.waitpid(child, 0)
    connection.send((held, status, all(each == before for each in answers), sorted(index.documents())))


def test_an_index_made_before_a_fork_works_after_it_in_both_processes(open_index: Callable[..., Index]) -> None:
    with process(fork_and_use, open_index) as (_, connection):
        assert heard(connection) == (True, 0, True, [*range(20), 98, 99])


class Waiting:
    """Something whose value is there when `wait` lets it."""

    def __init__(self, wait: Callable[[], object]) -> None:
        self.wait = wait

    @lazy
    def value(self) -> int:
        """One."""
        self.wait()
        return 1


def fork_while_it_is_worked_out(connection: Connection) -> None:
    """Fork while a thread works out a value, and work out another of its kind in the child."""
    warnings.simplefilter("ignore", DeprecationWarning)
    begun, go_on = threading.Event(), threading.Event()
    slow = Waiting(lambda: begun.set() or go_on.wait())
    thread = threading.Thread(target=lambda: slow.value)
    thread.start()
    begun.wait()
    child = os.fork()
    if child == 0:
        signal.alarm(5)
        os._exit(Waiting(lambda: None).value - 1)
    _, status = os.waitpid(child, 0)
    go_on.set()
    thread.join()
    connection.send((status, slow.value))


def test_what_a_thread_works_out_does_not_stop_a_process_forked_meanwhile() -> None:
    with process(fork_while_it_is_worked_out) as (_, connection):
        assert heard(connection) == (0, 1)
