"""What the page tells of how a query was understood, and the ways to have it otherwise."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from facilities.search.asking import Answer
from facilities.search.labels import FACET_LABELS, labels_of
from facilities.search.narrowing import LABELS as RANGES
from facilities.search.near import spot
from facilities.search.query import SearchQuery
from facilities.search.understanding import Part

CERTIFICATE = lazy_gettext("Certificate or standard")


@dataclass(frozen=True, slots=True)
class Meant:
    """Words of the query and what they were taken for, `group` saying what that is where `label` does not. `url` is the
    search without them, `literal_url` the one that takes them as typed; `also` are other things that are found."""

    group: LazyString | str
    words: str
    label: str
    also: tuple[str, ...]
    url: str
    literal_url: str


def meant(query: SearchQuery) -> list[Meant]:
    """Every part of the query that was understood, in the order of its words."""
    return [
        Meant(
            _group(part),
            part.words,
            _label(part, query),
            part.also,
            query.leaving_out(part.words).url,
            query.taking(part.words).url,
        )
        for part in query.understood.parts
    ]


def as_typed(query: SearchQuery) -> str:
    """The address of the search that takes all words as they were typed."""
    return query.taking(*(part.words for part in query.understood.parts)).url


def as_json(query: SearchQuery) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {"kind": part.kind, "words": part.words, "label": part.label, "value": part.value}
        for part in query.understood.parts
    ]


def said_by_words(answer: Answer | None) -> dict[str, Collection[str]]:
    """What the words of a query filter by, as the form of the filters shows it: values by facet, and the town under
    "near". What the visitor chose there takes the place of it."""
    if answer is None:
        return {}
    query, understood = answer.query, answer.query.understood
    filters = {} if answer.relaxed else understood.filters
    said: dict[str, Collection[str]] = {name: values for name, values in filters.items() if not query.filters.get(name)}
    if understood.near and not query.near:
        said["near"] = [_place(part) for part in understood.parts if part.kind == "place"][:1]
    return said


def outcome(answer: Answer | None) -> str:
    """What a visitor is told when the results are not quite what was asked for; empty when they are."""
    if answer is None:
        return ""
    if answer.relaxed:
        wanted = ", ".join(part.label for part in answer.query.understood.parts if part.is_filter)
        return _("No listing that fits says “%(wanted)s”. These may still be open to you: ask.", wanted=wanted)
    if answer.like is not None:
        return _outcome_of_likeness(answer.like, is_partial=answer.found.partial)
    if answer.found.partial:
        return _("Nothing has all your words. These come nearest; what each lacks is struck through.")
    if answer.found.whole < answer.found.total:
        return _("Few have all your words, and they come first. What the others lack is struck through.")
    return ""


def _outcome_of_likeness(like: int, *, is_partial: bool) -> str:
    if like:
        return _("Few listings have exactly this, and they come first. The others are similar.")
    if is_partial:
        return _("No listing has exactly this. These come close; words that each lacks are struck through.")
    return _("No listing has exactly this. These come close.")


def nearby_techniques(query: SearchQuery) -> list[tuple[str, SearchQuery]]:
    """Near misses of a search that found nothing: the techniques it named, then those one step wider, by themselves."""
    slugs = query.understood.nearby
    labels = labels_of("technique", list(slugs))
    return [(labels[slug], SearchQuery(filters={"technique": (slug,)})) for slug in slugs if slug in labels]


def _group(part: Part) -> LazyString | str:
    if part.kind == "need":
        facet, _equals, value = part.value.partition("=")
        return (FACET_LABELS | RANGES)[facet] if value else CERTIFICATE
    return "" if part.kind == "place" else FACET_LABELS[part.kind]


def _label(part: Part, query: SearchQuery) -> str:
    if part.kind == "place" and query.understood.near:
        return _("Near %(place)s", place=_place(part))
    return part.label


def _place(part: Part) -> str:
    """The place by the name it was given: Copenhagen for who wrote so, without the words before it."""
    words = part.words.split()
    named = (spot(" ".join(words[start:])) for start in range(len(words)))
    return next((each.said for each in named if each and each.name == part.label), part.label)
