r"""Lists of rows (prices, certificates, links ...) in one cell: a line for each, "name=value; name=value".

A backslash before ; = \ or n takes their meaning away, or stands for a line break.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from facilities.catalogue import content

NAMES: dict[str, tuple[str, ...]] = {
    "prices": content.PRICE,
    "certificates": content.CERTIFICATE,
    "specification": content.SPECIFICATION,
    "sites": content.SITE,
    "pipeline": content.PROJECT,
    "links": content.ATTACHMENT,
    "documents": content.ATTACHMENT,
    "images": content.ATTACHMENT,
}
PIECES = re.compile(r"(?:\\.|[^;\\])+", re.DOTALL)
HALVES = re.compile(r"((?:\\.|[^=\\])*)=(.*)", re.DOTALL)
ESCAPED = {"\\": "\\\\", ";": "\\;", "\n": "\\n"}
FLAGS = {"True": "yes", "False": "no"}


def as_cell(rows: Iterable[Mapping[str, Any]]) -> str:
    """One line for each row."""
    return "\n".join("; ".join(f"{name}={_escaped(value)}" for name, value in row.items()) for row in rows)


def _escaped(value: Any) -> str:
    text = FLAGS.get(str(value), str(value)) if isinstance(value, bool) else str(value)
    return "".join(ESCAPED.get(character, character) for character in text)


def as_rows(key: str, text: str) -> list[dict[str, Any]]:
    """The rows of a cell. A line that is just a web address is a link. ValueError says what to write."""
    return [_row(key, line) for line in text.splitlines() if line.strip()]


def _row(key: str, line: str) -> dict[str, Any]:
    if "url" in NAMES[key] and re.match(r"(?i)\s*(https?://|www\.)\S+$", line):
        return {"url": line.strip()}
    row: dict[str, Any] = {}
    for piece in PIECES.findall(line):
        if not piece.strip():
            continue
        halves = HALVES.match(piece)
        name = halves[1].strip() if halves else ""
        if not halves or name not in NAMES[key]:
            names = ", ".join(NAMES[key])
            raise ValueError(_("Write each line as “name=value; name=value” with these names: %(names)s.", names=names))
        row[name] = _plain(name, halves[2].strip())
    return row


def _plain(name: str, text: str) -> Any:
    said = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text, flags=re.DOTALL)
    return said == "yes" if name.startswith("includes_") else said
