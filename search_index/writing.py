"""Writing: documents go into a Whoosh index in one commit."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import Any

from search_index.analysis import analyse
from search_index.documents import Document
from search_index.folders import DurableStorage
from search_index.pool import Pool
from search_index.records import pack_record, pack_text
from search_index.schema import RECORD, TERMS, TEXT, PostingsCodec, schema
from search_index.whoosh_parts import FileIndex, SegmentWriter

_MEMORY_MB = 48
"""Postings of a commit that are kept in memory before they are spilled to a file."""


def create(storage: DurableStorage) -> Any:
    """A new, empty Whoosh index."""
    return FileIndex.create(storage, schema())


@contextmanager
def commit(storage: DurableStorage) -> Iterator[Any]:
    """A Whoosh writer whose changes are all on disk when the block ends, or none of them if it raised.

    Whoosh keeps its own lock when a commit fails, so it is given back here.
    """
    with TemporaryFile() as spill:
        writer = SegmentWriter(FileIndex(storage), compound=False, codec=PostingsCodec(), timeout=5.0)
        writer.pool = Pool(_MEMORY_MB, spill)
        try:
            yield writer
            writer.commit(mergetype=_drop_dead_segments)
        except BaseException:
            _abandon(writer)
            raise


def _drop_dead_segments(_writer: Any, segments: list[Any]) -> list[Any]:
    """No segments are merged; those without a live document go."""
    return [segment for segment in segments if segment.doc_count() > 0]


def _abandon(writer: Any) -> None:
    if writer.is_closed:
        return
    try:
        writer.cancel()
    finally:
        if not writer.is_closed:
            writer.writelock.release()


def add(writer: Any, document: Document) -> None:
    """Add one document. Its earlier version, if any, has to be deleted by number."""
    analysis = analyse(document)
    writer.add_document(
        **{
            TERMS: analysis.postings,
            RECORD: pack_record(document, analysis),
            TEXT: pack_text(document, analysis),
        }
    )


def latest(documents: Iterable[Document]) -> dict[int, Document]:
    """The last version of each document: an id that comes twice in a commit would be there twice."""
    return {document.id: document for document in documents}
