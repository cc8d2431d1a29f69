"""What a listing says as the cells of a row, and cells as they are safe in a spreadsheet program."""

import re
from collections.abc import Mapping
from typing import Any

from facilities.catalogue.models import Kind
from facilities.exchange.tables.fields import CONTACT, IDENTITY, TEXT, Cell, Field, all_keys, field_of
from facilities.exchange.tables.limits import LONGEST_CELL
from facilities.exchange.tables.lines import as_cell
from facilities.exchange.tables.values import joined

Cells = dict[str, str]
RISKY = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""How a formula begins, perhaps behind apostrophes."""

NUMBER = re.compile(r"-?\d+(\.\d+)?")
KEEP = "(unchanged)"
"""In a cell: leave what the listing says. Written where a text is longer than a cell may be."""


def safe(text: str) -> str:
    """A cell that no spreadsheet program takes for a formula: an apostrophe goes before it. `plain` undoes it."""
    if len(text) > LONGEST_CELL:
        return KEEP
    return f"'{text}" if RISKY.match(text) and not NUMBER.fullmatch(text) else text


def plain(text: str) -> str:
    """A cell as it was before `safe`."""
    return text[1:] if text.startswith("'") and RISKY.match(text) else text


def cells_of(values: Mapping[str, Any]) -> Cells:
    """The cells of what a listing says (`content.read`), by key; empty ones are left out."""
    cells: Cells = {}
    for key, value in _flat(values):
        if text := normal(_text(key, value)):
            cells[key] = text
    return cells


def normal(text: str) -> str:
    """A cell as it is compared: line breaks of one kind, no blanks around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _flat(values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """(key, value) of every field, those of nested parts one by one."""
    flat: list[tuple[str, Any]] = []
    for name, value in values.items():
        match name:
            case "access":
                flat += [(f"access.{part}", said) for part, said in (value or {}).items()]
            case "texts":
                flat += [(f"texts.{code}.{part}", said.get(part)) for code, said in value.items() for part, _h in TEXT]
            case "contacts":
                flat += [
                    (f"contacts.{at}.{part}", contact.get(part))
                    for at, contact in enumerate(value)
                    for part, _heading, _cell in CONTACT
                ]
            case _:
                flat.append((name, value))
    return flat


def _text(key: str, value: Any) -> str:
    field = field_of(key)
    if field is None or value in (None, "", [], {}):
        return ""
    if field.cell == Cell.ROWS:
        return as_cell(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return joined(value) if isinstance(value, list) else str(value)


def columns_for(kinds: set[Kind], used: set[str]) -> list[Field]:
    """The columns of an export of listings of these kinds, in order: what every listing of them may have, and of other
    languages and contacts those that are used, one contact at the least."""
    contacts = 1 + max((int(key.split(".")[1]) for key in used if key.startswith("contacts.")), default=0)
    fields = [field for key in all_keys() if (field := field_of(key)) and field.exported]
    return [field for field in fields if _belongs(field, kinds, used, contacts)]


def _belongs(field: Field, kinds: set[Kind], used: set[str], contacts: int) -> bool:
    part, _dot, rest = field.key.partition(".")
    if part == "contacts":
        return int(rest.split(".")[0]) < contacts
    if part == "texts":
        return any(key.startswith(f"texts.{rest.split('.')[0]}.") for key in used)
    return field in IDENTITY or bool(kinds & set(field.kinds))
