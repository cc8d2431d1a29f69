"""Updating the live index. The caller holds the write lock."""

from collections.abc import Iterable
from pathlib import Path

from search_index.documents import Document
from search_index.folders import DurableStorage, current_folder, new_folder, prepare, use_folder, write_tick
from search_index.opening import Reader
from search_index.snapshot import Snapshot
from search_index.whoosh_segments import SMALL
from search_index.writing import add, commit, create, latest

TINY = 16
"""Documents up to which a segment is tiny: what single edits leave behind."""
MOST_TINY = 64
MOST_SMALL = 32
"""Tiny and small segments that may be there before they are joined: every one costs each search a little."""


def apply(path: Path, reader: Reader, upserts: Iterable[Document], deletes: Iterable[int]) -> int:
    """One commit that replaces and removes documents. Returns the generation after it.

    Readers are told even if there was nothing to change: a writer that died may have changed it already, and not told.
    """
    storage = live_storage(path)
    write_changes(storage, reader.true_snapshot(), upserts, deletes)
    write_tick(path)
    return _join_small_segments(path, storage, reader).place.generation


def write_changes(
    storage: DurableStorage, snapshot: Snapshot, upserts: Iterable[Document], deletes: Iterable[int]
) -> None:
    """Write one commit after what `snapshot` shows, if there is anything to change."""
    new = latest(upserts)
    replaced = snapshot.numbers_of({*new, *deletes})
    if new or replaced:
        _write(storage, new.values(), replaced)


def live_storage(path: Path) -> DurableStorage:
    """The files of the index in use; an empty one is made if there is none."""
    folder = current_folder(path)
    if folder is None:
        prepare(path)
        folder = new_folder(path)
        create(DurableStorage(folder))
        use_folder(path, folder)
    return DurableStorage(folder)


def _write(storage: DurableStorage, documents: Iterable[Document], deleted: Iterable[int]) -> None:
    with commit(storage) as writer:
        for number in deleted:
            writer.delete_document(number)
        for document in documents:
            add(writer, document)


def _join_small_segments(path: Path, storage: DurableStorage, reader: Reader) -> Snapshot:
    """Write the documents of too many small segments anew as one."""
    snapshot = reader.snapshot()
    chosen = segments_to_join(snapshot)
    if not chosen:
        return snapshot
    numbers = [number for segment in chosen for number in _live_numbers(snapshot, segment)]
    _write(storage, (snapshot.document(number) for number in numbers), numbers)
    write_tick(path)
    return reader.snapshot()


def segments_to_join(snapshot: Snapshot) -> list[int]:
    """Which segments to join: all tiny ones if too many, else of too many small ones the smallest."""
    sizes = [segment.size for segment in snapshot.segments]
    tiny = [at for at, size in enumerate(sizes) if size <= TINY]
    if len(tiny) > MOST_TINY:
        return tiny
    small = sorted((at for at, size in enumerate(sizes) if TINY < size < SMALL), key=sizes.__getitem__)
    return _up_to(small, sizes, SMALL) if len(small) > MOST_SMALL else []


def _up_to(segments: list[int], sizes: list[int], most: int) -> list[int]:
    """The first segments that hold `most` documents together, at least two."""
    chosen: list[int] = []
    total = 0
    for at in segments:
        if len(chosen) >= 2 and total + sizes[at] > most:
            break
        chosen.append(at)
        total += sizes[at]
    return chosen


def _live_numbers(snapshot: Snapshot, at: int) -> list[int]:
    start, end = int(snapshot.offsets[at]), int(snapshot.offsets[at + 1])
    return [number for number in range(start, end) if snapshot.live[number]]
