"""Writing documents into the tables. Whoever writes holds the write lock, and is within a transaction."""

from collections.abc import Collection, Iterable
from itertools import count

from search_index.analysis import analyse
from search_index.documents import Document
from search_index.postgresql.connections import Connection
from search_index.postgresql.tables import KEPT, State, of_edition
from search_index.postgresql.vectors import is_indexed, lexeme, vectors
from search_index.records import pack_record, pack_text

_LIVE = """
    SELECT number FROM {documents} AS d
    WHERE id = ANY(%s) AND NOT EXISTS (SELECT FROM {gone} AS g WHERE g.number = d.number)"""
_FORGET = """
    WITH past AS (DELETE FROM {gone} WHERE gone_at < now() - %s::interval RETURNING number, generation),
    texts AS (DELETE FROM {texts} WHERE number IN (SELECT number FROM past)),
    documents AS (DELETE FROM {documents} WHERE number IN (SELECT number FROM past))
    SELECT max(generation) FROM past"""


class Batch:
    """Rows for some documents, made before any is written: what cannot be read changes nothing."""

    def __init__(self) -> None:
        self.documents: list[tuple[int, int, str, bytes, bytes]] = []
        self.texts: list[tuple[int, int, str]] = []
        self.terms: set[bytes] = set()

    def add(self, number: int, document: Document) -> None:
        """Add a document under a number of its own."""
        analysis = analyse(document)
        record, text = pack_record(document, analysis), pack_text(document, analysis)
        version = document.version.replace("\0", "\ufffd")
        self.documents.append((number, document.id, version, record, text))
        self.texts += [(number, field, vector) for field, vector in vectors(analysis)]
        self.terms.update(filter(is_indexed, analysis.postings))

    def write(self, connection: Connection, edition: int) -> None:
        """Write documents and texts; the terms are for `write_terms`."""
        _copy(connection, edition, "COPY {documents} (number, id, version, record, text) FROM STDIN", self.documents)
        _copy(connection, edition, "COPY {texts} (number, field, words) FROM STDIN", self.texts)


def _copy(connection: Connection, edition: int, command: str, rows: Iterable[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(of_edition(command, edition)) as copy:
        for row in rows:
            copy.write_row(row)


def write_terms(connection: Connection, edition: int, terms: Collection[bytes]) -> None:
    """Add terms to those that are known, in order, so that no two writers wait for each other."""
    insert = "INSERT INTO {terms} SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING"
    connection.execute(of_edition(insert, edition), (sorted(map(lexeme, terms)),))


def write_changes(connection: Connection, state: State, upserts: Iterable[Document], deletes: Iterable[int]) -> State:
    """Replace and remove documents of an edition; the state after it, which is the same if there was nothing to do."""
    new = {document.id: document for document in upserts}
    batch = Batch()
    for number, document in zip(count(state.next_number), new.values(), strict=False):
        batch.add(number, document)
    rows = connection.execute(of_edition(_LIVE, state.edition), (list({*new, *deletes}),)).fetchall()
    if not new and not rows:
        return state
    generation = state.generation + 1
    batch.write(connection, state.edition)
    write_terms(connection, state.edition, batch.terms)
    leave = "INSERT INTO {gone} (number, generation) SELECT unnest(%s::int[]), %s"
    connection.execute(of_edition(leave, state.edition), ([number for (number,) in rows], generation))
    return state._replace(generation=generation, next_number=state.next_number + len(new))


def forget(connection: Connection, state: State) -> State:
    """Delete the versions that went long ago."""
    row = connection.execute(of_edition(_FORGET, state.edition), (KEPT,)).fetchone()
    return state._replace(forgotten=max(state.forgotten, row[0] or 0)) if row else state


def save_state(connection: Connection, state: State) -> None:
    """Make a state the one in use."""
    connection.execute(
        "UPDATE search_index.state SET generation = %s, next_number = %s, forgotten = %s",
        (state.generation, state.next_number, state.forgotten),
    )
