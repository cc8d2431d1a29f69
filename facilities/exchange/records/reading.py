"""Reading a file of records: a row at a time, each either a Record or a list of problems."""

import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from pydantic import ValidationError

from facilities.exchange.problems import Problem, Unreadable
from facilities.exchange.records.schema import Record

LONGEST_LINE = 1_000_000
SAY = {
    "missing": "is missing: add it",
    "string_too_short": "is empty: write it",
    "literal_error": "must be one of {expected}",
    "enum": "must be one of {expected}",
}


@dataclass(slots=True)
class Row:
    """One line of the file. `record` is None where the row is rejected."""

    number: int
    record: Record | None = None
    problems: list[Problem] = field(default_factory=list)


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a .jsonl or .jsonl.gz file, numbered from 1; blank lines are passed over.

    Raises Unreadable when the file cannot be opened or is no text at all.
    """
    with _opened(path) as file:
        for number, line in enumerate(_lines(file), 1):
            if line is None:
                yield Row(
                    number,
                    None,
                    [Problem(number, "row", f"is longer than {LONGEST_LINE:,} bytes: shorten it")],
                )
            elif line.strip():
                yield _row(number, line)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with cast("IO[bytes]", gzip.open(path) if packed else path.open("rb")) as file:
            yield file
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable(f"{path} cannot be read: {error}") from error


def _lines(file: IO[bytes]) -> Iterator[bytes | None]:
    """Lines of at most LONGEST_LINE bytes; None for a longer one, of which the rest is skipped."""
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) <= LONGEST_LINE or line.endswith(b"\n"):
            yield line
            continue
        while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
        yield None


def _row(number: int, line: bytes) -> Row:
    try:
        values = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _rejected(number, "row", "is not UTF-8 text: save the file as UTF-8")
    except (ValueError, RecursionError) as error:
        return _rejected(number, "row", f"is not valid JSON: {error}")
    if not isinstance(values, dict):
        return _rejected(number, "row", 'is not a JSON object: write {"id": ..., "type": ..., "name": ...}')
    return validated(number, values)


def _rejected(number: int, name: str, reason: str) -> Row:
    return Row(number, None, [Problem(number, name, reason)])


def validated(number: int, values: dict[str, Any], **known: Any) -> Row:
    """The record that the values come to, or why there is none; `known` goes into the context of its checks."""
    notes: list[tuple[str, str]] = []
    try:
        record = Record.model_validate(values, context={"notes": notes, **known})
    except ValidationError as invalid:
        return Row(number, None, [Problem(number, *_said(error)) for error in invalid.errors()])
    return Row(number, record, [Problem(number, name, reason, fatal=False) for name, reason in notes])


def _said(error: Any) -> tuple[str, str]:
    """(field, what to do) of a validation error."""
    name = ".".join(str(part) for part in error["loc"]) or "row"
    context = error.get("ctx", {})
    if error["type"] == "string_too_long":
        return name, f"is longer than {context['max_length']:,} characters: shorten it"
    if error["type"] in SAY:
        return name, SAY[error["type"]].format(**{"expected": "", **context})
    return name, error["msg"]
