"""The parts of Whoosh that the index stands on, and nothing else of it.

Whoosh 2.7.4 was written before Python warned about backslashes in plain strings and about `is` with a
literal, so its modules warn when they are first compiled. Each of those warnings is named here.
"""

import importlib
import warnings
from struct import Struct
from typing import Any

_KNOWN_WARNINGS = (
    r"invalid escape sequence '?\\S",
    r"invalid escape sequence '?\\w",
    r"invalid escape sequence '?\\\|",
    r'"\\S" is an invalid escape sequence',
    r'"\\w" is an invalid escape sequence',
    r'"\\\|" is an invalid escape sequence',
    r'"is" with (a|\'int\') literal',
)
_MODULES = (
    "index",
    "reading",
    "writing",
    "fields",
    "formats",
    "columns",
    "codec.whoosh3",
    "filedb.filestore",
)


def _load() -> dict[str, Any]:
    with warnings.catch_warnings():
        for message in _KNOWN_WARNINGS:
            warnings.filterwarnings("ignore", message, SyntaxWarning)
            warnings.filterwarnings("ignore", message, DeprecationWarning)
        return {name: importlib.import_module(f"whoosh.{name}") for name in _MODULES}


_modules = _load()
FileIndex: Any = _modules["index"].FileIndex
TOC: Any = _modules["index"].TOC
EmptyIndexError: Any = _modules["index"].EmptyIndexError
SegmentReader: Any = _modules["reading"].SegmentReader
SegmentWriter: Any = _modules["writing"].SegmentWriter
TermNotFound: Any = _modules["reading"].TermNotFound
FieldType: Any = _modules["fields"].FieldType
Schema: Any = _modules["fields"].Schema
ColumnField: Any = _modules["fields"].COLUMN
Format: Any = _modules["formats"].Format
VarBytesColumn: Any = _modules["columns"].VarBytesColumn
Codec: Any = _modules["codec.whoosh3"].W3Codec
FileStorage: Any = _modules["filedb.filestore"].FileStorage
_BlockMatcher: Any = _modules["codec.whoosh3"].W3LeafMatcher


def read_postings(matcher: Any) -> tuple[list[int], list[bytes]]:
    """The numbers and values of all documents of a matcher.

    Whoosh hands them out one by one; here they are taken by the block, which is several times as fast. Whoosh 2.7.4 and
    whoosh3 both keep a block in these attributes once one of its entries was asked for. Deleted documents may be among
    them: a segment that was opened with some has a filter around the matcher, which is left off.
    """
    matcher = getattr(matcher, "child", matcher)
    numbers: list[int] = []
    values: list[bytes] = []
    while matcher.is_active():
        number, value = matcher.id(), matcher.value()
        if isinstance(matcher, _BlockMatcher):
            numbers += matcher._ids
            values += matcher._values
            matcher._next_block()
        else:
            numbers.append(number)
            values.append(value)
            matcher.next()
    return numbers, values


def read_terms(reader: Any) -> list[bytes]:
    """All terms, in order, of a segment whose schema indexes one field.

    Whoosh passes each of them through five generators. The file has them one after the other: the lengths of the key
    and of what is kept for it, the key (two bytes for the field, then the term), and what is kept.
    """
    table = reader._terms._tindex
    file = table.dbfile.get(table.startofdata, table.endofdata - table.startofdata)
    terms, at = [], 0
    while at < len(file):
        key, kept = _LENGTHS.unpack_from(file, at)
        terms.append(file[at + _TERM_AT : at + _LENGTHS.size + key])
        at += _LENGTHS.size + key + kept
    return terms


_LENGTHS = Struct("!ii")
_TERM_AT = _LENGTHS.size + 2
