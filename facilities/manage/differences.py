"""What a change changed, as a reader wants to see it: words put in and taken out, lines added and gone.

`difference(field, before, after)` takes two JSON values of a field, as revisions, proposals and imports hold them, and
gives pieces to print with `manage/parts/difference.html`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Literal

import sqlalchemy as sa

from facilities.catalogue.models import LISTINGS, Category, Technique
from facilities.db import db
from facilities.manage.labels import INNER, in_words, inner_label, price_in_words

Mark = Literal["same", "ins", "del"]
MOST_WORDS = 6000
"""Words, before and after together, up to which texts are compared word by word; longer ones line by line."""
NEAR = 12
"""Words shown on either side of a change in a long text."""
TOKEN = re.compile(r"\s+|[^\s]+")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stayed, were put in or were taken out."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of a difference. `label` names what it is about within the field ("Price level"); often empty."""

    runs: list[Run]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """What is named by a key in the values of a listing: techniques and categories by slug, listings by id."""

    techniques: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    listings: Mapping[int, str] = field(default_factory=dict)

    def of(self, field: str, value: Any) -> str:
        match field:
            case "techniques":
                return self.techniques.get(value, str(value))
            case "categories":
                return self.categories.get(value, str(value))
            case "parent" | "successor":
                return self.listings.get(value, f"#{value}") if value else ""
        return in_words(field, value)


def names_in(changes: Iterable[Mapping[str, Any]]) -> Names:
    """The names of all that these changes ({field: [before, after]}) name by a key: at most three SELECTs."""
    seen: dict[str, set[Any]] = {"techniques": set(), "categories": set(), "parent": set()}
    for change in changes:
        for field_name, sides in change.items():
            target = "parent" if field_name == "successor" else field_name
            if target in seen:
                seen[target].update(_keys(sides))
    return Names(_labels(Technique, seen["techniques"]), _labels(Category, seen["categories"]), _called(seen["parent"]))


def difference(field: str, before: Any, after: Any, names: Names | None = None) -> list[Piece]:
    """What changed in a field of a listing: a line for each thing that did.

    `names` from `names_in` saves a look into the vocabulary for each call.
    """
    names = names or names_in([{field: [before, after]}])
    if isinstance(before, dict) or isinstance(after, dict):
        return _texts(before, after) if field == "texts" else _inside(before or {}, after or {})
    if isinstance(before, list) or isinstance(after, list):
        return _lists(field, before or [], after or [], names)
    return [Piece(_compare(names.of(field, before), names.of(field, after)))]


def _keys(sides: Any) -> Iterator[Any]:
    for side in sides if isinstance(sides, list) else ():
        yield from side if isinstance(side, list) else [side] if side else []


def _labels(model: type[Technique] | type[Category], slugs: set[Any]) -> dict[str, str]:
    found: Iterable[Technique | Category] = ()
    if slugs:
        found = db.session.scalars(sa.select(model).where(model.slug.in_(slugs)))
    return {each.slug: each.label for each in found}


def _called(ids: set[Any]) -> dict[int, str]:
    if not ids:
        return {}
    rows = db.session.execute(sa.select(LISTINGS.c.id, LISTINGS.c.name).where(LISTINGS.c.id.in_(ids)))
    return dict(rows.all())


# One text against another -------------------------------------------------


def _compare(before: str, after: str) -> list[Run]:
    if not before or not after or before == after:
        sides: list[tuple[Mark, str]] = [("same", before)] if before == after else [("del", before), ("ins", after)]
        return [Run(mark, text) for mark, text in sides if text]
    if not _is_prose(before, after):
        return [Run("del", before), Run("ins", after)]
    return list(_shortened(_runs(_tokens(before, after), _tokens(after, before))))


def _is_prose(before: str, after: str) -> bool:
    """Whether comparing word by word reads better than the two whole: not where hardly a word stayed."""
    words, others = set(before.split()), set(after.split())
    fewer = min(len(words), len(others))
    return fewer > 2 and len(words & others) >= fewer / 3


def _tokens(text: str, other: str) -> list[str]:
    if len(text.split()) + len(other.split()) > MOST_WORDS:
        return text.splitlines(keepends=True)
    return TOKEN.findall(text)


def _runs(before: list[str], after: list[str]) -> Iterator[Run]:
    for act, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if act == "equal":
            yield Run("same", "".join(before[start:end]))
            continue
        if end > start:
            yield Run("del", "".join(before[start:end]))
        if new_end > new_start:
            yield Run("ins", "".join(after[new_start:new_end]))


def _shortened(runs: Iterable[Run]) -> Iterator[Run]:
    """The same, with only the words near a change kept of what stayed."""
    every = list(runs)
    for position, run in enumerate(every):
        words = TOKEN.findall(run.text) if run.mark == "same" else []
        first, last = position == 0, position == len(every) - 1
        if len(words) <= 4 * NEAR:
            yield run
            continue
        head = [] if first else words[: 2 * NEAR]
        tail = [] if last else words[-2 * NEAR :]
        yield Run("same", "".join(head) + "… " + "".join(tail))


# Lists and what is inside parts --------------------------------------------


def _lists(field: str, before: list[Any], after: list[Any], names: Names) -> list[Piece]:
    if field in ROWS:
        return list(_rows(before, after, *ROWS[field]))
    if field == "prices":
        return list(_lines(before, after, _key_of_price, price_in_words))
    gone = [Run("del", names.of(field, each)) for each in before if each not in after]
    new = [Run("ins", names.of(field, each)) for each in after if each not in before]
    if gone or new:
        return [Piece(_with_commas(gone + new))]
    order = ", ".join(names.of(field, each) for each in after)
    return [Piece([Run("same" if before == after else "ins", order)])]


def _with_commas(runs: list[Run]) -> list[Run]:
    return [each for run in runs for each in (Run("same", ", "), run)][1:]


def _texts(before: Row | None, after: Row | None) -> list[Piece]:
    """Each text that changed in a language: "Swedish, Summary"."""
    before, after = before or {}, after or {}
    pieces = []
    for language in dict.fromkeys((*before, *after)):
        for piece in _inside(before.get(language) or {}, after.get(language) or {}):
            pieces.append(Piece(piece.runs, f"{in_words('language', language)}, {piece.label}"))
    return pieces


def _inside(before: Row, after: Row) -> list[Piece]:
    """Each value that changed inside a part, under its label."""
    names = [name for name in dict.fromkeys((*INNER, *before, *after)) if before.get(name) != after.get(name)]
    return [piece for name in names for piece in _inner(name, before.get(name), after.get(name))]


def _inner(name: str, before: Any, after: Any) -> list[Piece]:
    if isinstance(before, list) or isinstance(after, list):
        pieces = _lists(name, before or [], after or [], Names())
    else:
        pieces = [Piece(_compare(in_words(name, before), in_words(name, after)))]
    return [Piece(piece.runs, inner_label(name)) for piece in pieces]


def _rows(before: list[Row], after: list[Row], key: str, title: str) -> Iterator[Piece]:
    """Rows of a part, matched by the value of `key`: those gone and new whole, of the others what changed inside."""
    yield from _lines(before, after, lambda row: row.get(key) or row.get(title), _row_in_words, title)


def _lines(
    before: list[Row], after: list[Row], key: Callable[[Row], Any], words: Callable[[Row], str], title: str = ""
) -> Iterator[Piece]:
    present = _by_key(before, key)
    changed = False
    for row in after:
        matching = present.get(key(row))
        old = matching.pop(0) if matching else None
        if old is None:
            yield Piece([Run("ins", words(row))])
        elif old != row and title:
            yield from (
                Piece(each.runs, f"{row.get(title) or ''}, {each.label}".strip(", ")) for each in _inside(old, row)
            )
        elif old != row:
            yield Piece(_compare(words(old), words(row)))
        changed = changed or old != row
    for row in (row for rows in present.values() for row in rows):
        yield Piece([Run("del", words(row))])
        changed = True
    if not changed and before != after:
        yield from (Piece([Run("same", words(row))]) for row in after)


def _by_key(rows: list[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def _row_in_words(row: Row) -> str:
    """All that a row says in one line, its words before its addresses."""
    said = []
    for name, value in row.items():
        many = value if isinstance(value, list) else [value]
        said.append(", ".join(filter(None, (in_words(name, each) for each in many))))
    return " · ".join(filter(None, said))


def _key_of_price(price: Row) -> tuple[Any, ...]:
    return price.get("item"), price.get("group"), price.get("basis")


ROWS: Mapping[str, tuple[str, str]] = {
    "contacts": ("email", "role"),
    "certificates": ("name", "name"),
    "specification": ("name", "name"),
    "sites": ("city", "name"),
    "pipeline": ("name", "name"),
    "images": ("url", "title"),
    "links": ("url", "title"),
    "documents": ("url", "title"),
}
"""Parts that are lists of rows: by which value rows of before and after are the same, and what names a row."""
