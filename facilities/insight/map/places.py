"""Where all that a search finds is: marks for what a map shows, and the listings in it in the search's order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from facilities.catalogue.models import LISTINGS, Listing, Status
from facilities.catalogue.queries import published_by_ids
from facilities.db import db
from facilities.insight.map.columns import KINDS, columns
from facilities.insight.map.grouping import DECIMALS, Degrees, Marks, Numbers, Places, inside, marks_of
from facilities.search.hits import hits
from facilities.search.index import index
from facilities.search.keeping import kept, sign_of
from facilities.search.query import SearchQuery
from search_index import Box

WORLD = Box(south=-90, west=-180, north=90, east=180)
LONGEST_LIST = 50
MOST_ASKED = 10_000
"""Ids in one statement: SQLite takes 32,766 values at most."""
AROUND = 0.25
"""How far beyond the edges of a map marks are drawn, in its width and height, so that a small move finds them there."""


@dataclass(frozen=True, slots=True)
class View:
    """What a map shows: its edges and its zoom, at which the world is 256 * 2 ** zoom pixels wide."""

    area: Box = WORLD
    zoom: float = 3


@dataclass(frozen=True, slots=True)
class Found:
    """All that a search finds: their number, and of those whose place is known, in the search's order, the ids and
    for each the row of its place in `places`."""

    total: int
    ids: Numbers
    place: Numbers
    places: Places

    @property
    def points(self) -> Degrees:
        """Of each listing: latitude, longitude."""
        return self.places.points[self.place]

    def at(self, chosen: NDArray[np.bool_]) -> Numbers:
        """The listings at the chosen places."""
        return self.ids[chosen[self.place]]


def found_by(query: SearchQuery) -> Found:
    """Where the results of a search are. One question to the index, none to the database."""
    found = np.array(hits(query).ids, np.int64)
    return kept("map", ("found", sign_of(found)), lambda: _found(found))


def _found(found: Numbers) -> Found:
    ids, points = index().placed(found) if len(found) else (found, np.zeros((0, 2)))
    order = np.argsort(_ranks(found, ids))
    places, place = Places.of(points[order].astype(np.float64))
    return Found(len(found), ids[order], place, places)


def _ranks(found: Numbers, ids: Numbers) -> Numbers:
    """At which place of the results each of the ids stands."""
    order = np.argsort(found)
    return order[np.searchsorted(found, ids, sorter=order)]


def answer(found: Found, view: View) -> dict[str, Any]:
    """What a map and its list show of what was found, by columns of equal length.

    `total` results, `placed` of them at a known place, `here` of those within the view. `clusters` of several places
    have `lat`, `lng`, `number` and `closer`, the zoom at which they part; `places` have the number of listings there,
    and the kind and the name of the first of them. Each entry of `list` says its `mark`, counted through both.
    """
    marks = marks_of(found.places, view.zoom)
    within = inside(found.places.points, view.area)
    drawn = np.unique(marks.of[inside(found.places.points, wider(view.area))])
    several = marks.places[drawn] > 1
    drawn = np.concatenate([drawn[several], drawn[~several]])
    here = np.flatnonzero(within[found.place])
    return {
        "total": found.total,
        "placed": len(found.ids),
        "here": len(here),
        "clusters": _clusters(found, marks, drawn[: several.sum()]),
        "places": _places(found, marks, drawn[several.sum() :]),
        "list": _list(found, here[:LONGEST_LIST], marks, drawn),
    }


def wider(box: Box) -> Box:
    """The box and as much around it as a small move shows."""
    if box.west > box.east or box.east - box.west > 240:
        return WORLD
    up, across = (box.north - box.south) * AROUND, (box.east - box.west) * AROUND
    return Box(
        south=box.south - up, west=max(box.west - across, -180), north=box.north + up, east=min(box.east + across, 180)
    )


def bounds(found: Found) -> list[float] | None:
    """The rectangle (west, south, east, north) that holds 96 of 100 listings in each direction."""
    if not len(found.ids):
        return None
    (south, west), (north, east) = np.quantile(found.points, [0.02, 0.98], axis=0)
    return [round(float(side), DECIMALS) for side in (west, south, east, north)]


def _clusters(found: Found, marks: Marks, drawn: Numbers) -> dict[str, list[Any]]:
    lat, lng = found.places.points[marks.centre[drawn]].T
    return {
        "lat": lat.tolist(),
        "lng": lng.tolist(),
        "number": marks.number[drawn].tolist(),
        "closer": marks.closer[drawn].tolist(),
    }


def _places(found: Found, marks: Marks, drawn: Numbers) -> dict[str, list[Any]]:
    places = marks.centre[drawn]
    firsts = _first_at(found, places)
    names = names_of(firsts.tolist())
    lat, lng = found.places.points[places].T
    return {
        "lat": lat.tolist(),
        "lng": lng.tolist(),
        "number": marks.number[drawn].tolist(),
        "kind": [KINDS[kind].value for kind in columns().kinds_of(firsts).tolist()],
        "name": [names.get(first, "") for first in firsts.tolist()],
    }


def _first_at(found: Found, places: Numbers) -> Numbers:
    """At each of the places the listing that stands for it: an organisation before what belongs to it."""
    rows = np.flatnonzero(np.isin(found.place, places))
    order = np.lexsort((rows, columns().kinds_of(found.ids[rows]), found.place[rows]))
    at, first = np.unique(found.place[rows[order]], return_index=True)
    ids = found.ids[rows[order][first]]
    return np.asarray(ids[np.searchsorted(at, places)]) if len(places) else np.zeros(0, np.int64)


def names_of(ids: Sequence[int]) -> dict[int, str]:
    """What published listings are called: the index may still hold one that was withdrawn a moment ago."""
    named = sa.select(LISTINGS.c.id, LISTINGS.c.name).where(LISTINGS.c.status == Status.PUBLISHED)
    parts = (ids[start : start + MOST_ASKED] for start in range(0, len(ids), MOST_ASKED))
    return {row.id: row.name for part in parts for row in db.session.execute(named.where(LISTINGS.c.id.in_(part)))}


def _list(found: Found, rows: Numbers, marks: Marks, drawn: Numbers) -> dict[str, list[Any]]:
    mark_of = {int(mark): at for at, mark in enumerate(drawn)}
    where = {int(found.ids[row]): mark_of.get(int(marks.of[found.place[row]]), -1) for row in rows}
    shown = published_by_ids(list(where))
    return {
        "kind": [each.kind.value for each in shown],
        "name": [each.name for each in shown],
        "path": [each.path for each in shown],
        "about": [about(each) for each in shown],
        "mark": [where[each.id] for each in shown],
    }


def about(listing: Listing) -> str:
    """Whose a listing is, or what kind of organisation it is, and the town."""
    owner = listing.organisation.name if listing.organisation and listing.organisation.id != listing.id else ""
    return " · ".join(filter(None, (owner, listing.place.city)))
