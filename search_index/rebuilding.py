"""Rebuilding: a new index grows beside the live one and takes its place in one step."""

from collections.abc import Iterable
from pathlib import Path

from filelock import FileLock, Timeout

from search_index.documents import Document
from search_index.folders import (
    DurableStorage,
    building_folder,
    highest_generation,
    prepare,
    remove_unfinished,
    remove_unused,
    take_over,
)
from search_index.index import CatchUp
from search_index.locks import FileBetween, IndexBusy, WriteLock
from search_index.opening import Reader, open_snapshot
from search_index.updating import write_changes
from search_index.writing import add, commit, create

_WAIT_FOR_WRITERS = 120.0
"""Seconds that a finished index waits for its turn to take over."""


def rebuild(
    path: Path, lock: WriteLock[FileBetween], reader: Reader, documents: Iterable[Document], catch_up: CatchUp | None
) -> int:
    """Build, catch up, take over, clean up. Returns the new generation."""
    prepare(path)
    other = FileLock(str(path / "rebuild.lock"), thread_local=False)
    try:
        other.acquire(timeout=0)
    except Timeout as error:
        raise IndexBusy(0) from error
    try:
        return _build_and_swap(path, lock, reader, documents, catch_up)
    finally:
        other.release()


def _build_and_swap(
    path: Path, lock: WriteLock[FileBetween], reader: Reader, documents: Iterable[Document], catch_up: CatchUp | None
) -> int:
    remove_unfinished(path)
    folder = building_folder(path)
    _build(folder, documents)
    with lock.held(_WAIT_FOR_WRITERS):
        if catch_up is not None:
            _apply_beside(folder, *catch_up())
        take_over(path, folder, highest_generation(path))
        remove_unused(path)
        return reader.snapshot().place.generation


def _build(folder: Path, documents: Iterable[Document]) -> None:
    """Write all documents in one commit: memory stays flat, as postings are sorted in files."""
    storage = DurableStorage(folder)
    create(storage)
    seen: set[int] = set()
    with commit(storage) as writer:
        for document in documents:
            if document.id not in seen:
                seen.add(document.id)
                add(writer, document)


def _apply_beside(folder: Path, upserts: Iterable[Document], deletes: Iterable[int]) -> None:
    storage = DurableStorage(folder)
    write_changes(storage, open_snapshot(folder), upserts, deletes)
