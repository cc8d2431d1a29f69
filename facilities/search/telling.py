"""What the page tells of how a query was understood, and the way to have each part taken as typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from facilities.search.asking import Answer
from facilities.search.labels import FACET_LABELS, labels_of
from facilities.search.query import SearchQuery
from facilities.search.understanding import Part

CERTIFICATE = lazy_gettext("Certificate or standard")


@dataclass(frozen=True, slots=True)
class Meant:
    """Words of the query and what they were taken for, `group` saying what that is where `label` does not; `url` is the
    search that takes them as typed."""

    group: LazyString | str
    words: str
    label: str
    url: str


def meant(query: SearchQuery) -> list[Meant]:
    """Every part of the query that was understood, in the order of its words."""
    parts = query.understood.parts
    return [Meant(_group(part), part.words, _label(part, query), query.taking(part.words).url) for part in parts]


def as_json(query: SearchQuery) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {"kind": part.kind, "words": part.words, "label": part.label, "value": part.value}
        for part in query.understood.parts
    ]


def outcome(answer: Answer | None) -> Iterator[str]:
    """What a visitor is told when the results are not quite what was asked for."""
    if answer is None:
        return
    if answer.relaxed:
        wanted = ", ".join(part.label for part in answer.query.understood.parts if part.is_filter)
        yield _("No listing that fits says “%(wanted)s”. These may still be open to you: ask.", wanted=wanted)
    elif answer.found.partial:
        yield _("Nothing has all your words. These come nearest; what each lacks is struck through.")
    elif answer.found.whole < answer.found.total:
        yield _("Few have all your words, and they come first. What the others lack is struck through.")
    if answer.like == 0:
        yield _("No listing has exactly this. These come close.")
    elif answer.like:
        yield _("Few listings have exactly this, and they come first. The others are similar.")


def nearby_techniques(query: SearchQuery) -> list[tuple[str, SearchQuery]]:
    """Near misses of a search that found nothing: the techniques it named, then those one step wider, by themselves."""
    slugs = query.understood.nearby
    labels = labels_of("technique", list(slugs))
    return [(labels[slug], SearchQuery(filters={"technique": (slug,)})) for slug in slugs if slug in labels]


def _group(part: Part) -> LazyString | str:
    if part.kind == "need":
        facet, _equals, value = part.value.partition("=")
        return FACET_LABELS[facet] if value else CERTIFICATE
    return "" if part.kind == "place" else FACET_LABELS[part.kind]


def _label(part: Part, query: SearchQuery) -> str:
    if part.kind == "place" and query.understood.near:
        return _("Near %(place)s", place=part.label)
    if not part.also:
        return part.label
    return _("%(technique)s (also %(others)s …)", technique=part.label, others=", ".join(part.also))
