"""Writing the vocabulary back into its files, so that what the desk changed can be reviewed like any other change.

Only blocks that say something else are written anew: what people see of a change is the change.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml
from sqlalchemy.orm import joinedload, selectinload

from facilities.catalogue.models import Category, Technique
from facilities.catalogue.vocabulary.entries import Entry, entry_of, in_order, is_same
from facilities.db import db

WIDTH = 118
BLOCK = re.compile(r"^(?=- id: )", re.MULTILINE)


def export_vocabulary(folder: Path) -> list[str]:
    """Make the files of `folder`/techniques say what the database says; gives the ids of the techniques that were
    written. A technique that no file has is put in its place in the file of its subject."""
    entries = {entry["id"]: entry for entry in map(entry_of, _techniques())}
    written: list[str] = []
    paths = sorted((folder / "techniques").glob("*.yaml"))
    known = {id_ for path in paths for id_ in _ids(path)}
    new = [entry for id_, entry in entries.items() if id_ not in known]
    for path in paths:
        written += _write(path, entries, [entry for entry in new if path.stem == _subject(entry)])
    return written


def as_block(entry: Entry) -> str:
    """The entry as people read it in a file: a line for each field, lists in brackets, no text broken in two."""
    lines = [line for field, value in in_order(entry).items() for line in _field(field, value, "  ")]
    return "\n".join(["- " + lines[0].strip(), *lines[1:]]) + "\n"


def _field(name: str, value: Any, indent: str) -> list[str]:
    if isinstance(value, dict):
        inner = [line for key, each in value.items() for line in _field(key, each, indent + "  ")]
        return [f"{indent}{name}:", *inner]
    if isinstance(value, list):
        return _list(f"{indent}{name}: ", value, indent + "  ")
    return [f"{indent}{name}: {_plain(value)}"]


def _list(head: str, texts: list[str], indent: str) -> list[str]:
    """The list on the line of its name if there is room, else below it on as many lines as it takes."""
    said = [_plain(text) for text in texts]
    line = f"{head}[{', '.join(said)}]"
    if len(line) <= WIDTH:
        return [line]
    rows = [[said[0]]]
    for text in said[1:]:
        if len(indent) + len(", ".join([*rows[-1], text])) + 2 <= WIDTH:
            rows[-1].append(text)
        else:
            rows.append([text])
    body = f",\n{indent} ".join(", ".join(row) for row in rows)
    return [head.rstrip(), *f"{indent}[{body}]".split("\n")]


def _plain(text: str) -> str:
    """The text as YAML writes it within a list, quoted where it has to be."""
    written: str = yaml.safe_dump([text], allow_unicode=True, default_flow_style=True, width=10_000)
    return written.strip()[1:-1]


def _techniques() -> Iterator[Technique]:
    parts = (selectinload(Technique.terms), joinedload(Technique.category), joinedload(Technique.broader))
    yield from db.session.scalars(sa.select(Technique).options(*parts).order_by(Technique.slug))


def _ids(path: Path) -> list[str]:
    return [entry["id"] for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)]


def _subject(entry: Entry) -> str:
    """The file of an entry: the top category of its own."""
    category = db.session.scalars(sa.select(Technique).where(Technique.slug == entry["id"])).one().category
    return (category.parent or category).slug


def _place(block: str) -> tuple[int, str]:
    """Where a block stands in its file: by category, in the order of the tree, then by id."""
    [entry] = yaml.load(block, Loader=yaml.CSafeLoader)
    query = sa.select(Category.position).where(Category.slug == entry["category"])
    return db.session.scalar(query) or 0, entry["id"]


def _write(path: Path, entries: Mapping[str, Entry], new: list[Entry]) -> list[str]:
    head, *blocks = BLOCK.split(path.read_text(encoding="utf-8"))
    written = [entry["id"] for entry in new]
    for number, block in enumerate(blocks):
        [entry] = yaml.load(block, Loader=yaml.CSafeLoader)
        said = entries.get(entry["id"])
        if said is not None and not is_same(said, entry):
            blocks[number] = as_block(said)
            written.append(entry["id"])
    if new:
        blocks = sorted([*blocks, *map(as_block, new)], key=_place)
    if written:
        path.write_text(head + "\n".join(block.rstrip() + "\n" for block in blocks), encoding="utf-8")
    return written
