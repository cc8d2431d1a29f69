"""What an edit of an entry changed, so that it can be made again on another version of it, or taken back."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from facilities.catalogue.vocabulary.entries import LISTS, Entry, in_order

WHOLE = ("category", "broader", "not_with")


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that an edit did to a `field` (in a `language`, where it has several): a text added to a list, one
    removed, or another value set."""

    field: str
    language: str = ""
    added: str = ""
    removed: str = ""
    value: Any = None
    was: Any = None

    @property
    def is_of_list(self) -> bool:
        return bool(self.added or self.removed)


def edits(before: Entry, after: Entry) -> list[Edit]:
    """What leads from one version of an entry to another."""
    return [*_of_values(before, after), *_of_labels(before, after), *_of_lists(before, after)]


def with_edits(entry: Entry, changes: list[Edit], *, only_if_still: bool = False) -> Entry:
    """The entry with these edits; those that say nothing new of it leave it as it is. `only_if_still`: a value is set
    only where the entry says what it was before the edit, so that what somebody set since stays."""
    changed = deepcopy(entry)
    for edit in changes:
        if only_if_still and not edit.is_of_list and _value(changed, edit) != edit.was:
            continue
        if edit.is_of_list:
            _edit_list(changed, edit)
        elif edit.field == "labels":
            _set_label(changed, edit)
        else:
            changed[edit.field] = edit.value
    return in_order(changed)


def _of_values(before: Entry, after: Entry) -> Iterator[Edit]:
    for field in WHOLE:
        if before.get(field) != after.get(field):
            yield Edit(field, value=after.get(field), was=before.get(field))


def _of_labels(before: Entry, after: Entry) -> Iterator[Edit]:
    old, new = before.get("labels", {}), after.get("labels", {})
    for language in dict.fromkeys([*old, *new]):
        if old.get(language) != new.get(language):
            yield Edit("labels", language, value=new.get(language), was=old.get(language))


def _of_lists(before: Entry, after: Entry) -> Iterator[Edit]:
    old, new = before.get("synonyms", {}), after.get("synonyms", {})
    for language in dict.fromkeys([*old, *new]):
        yield from _of_list("synonyms", language, old.get(language, []), new.get(language, []))
    for field in LISTS:
        yield from _of_list(field, "", before.get(field, []), after.get(field, []))


def _of_list(field: str, language: str, old: list[str], new: list[str]) -> Iterator[Edit]:
    yield from (Edit(field, language, removed=text) for text in old if text not in new)
    yield from (Edit(field, language, added=text) for text in new if text not in old)


def _value(entry: Entry, edit: Edit) -> Any:
    """What the entry says where the edit would set something."""
    return entry.get("labels", {}).get(edit.language) if edit.field == "labels" else entry.get(edit.field)


def _edit_list(entry: Entry, edit: Edit) -> None:
    holder, key = (entry.setdefault("synonyms", {}), edit.language) if edit.field == "synonyms" else (entry, edit.field)
    texts = [text for text in holder.get(key, []) if text not in (edit.removed, edit.added)]
    at = holder.get(key, []).index(edit.added) if edit.added in holder.get(key, []) else len(texts)
    holder[key] = texts[:at] + [edit.added] * bool(edit.added) + texts[at:]
    if edit.field == "synonyms" and not holder[key]:
        del holder[key]


def _set_label(entry: Entry, edit: Edit) -> None:
    labels = entry.setdefault("labels", {})
    if edit.value:
        labels[edit.language] = edit.value
    else:
        labels.pop(edit.language, None)
