"""Where the results of a search are, for its map: each place while they are few, groups of them when they are many."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import aliased

from facilities.catalogue.models import LISTINGS, Status
from facilities.db import db
from facilities.search.hits import hits
from facilities.search.index import index
from facilities.search.query import SearchQuery
from search_index import Box

MOST_PLACES = 2000
"""Places that are sent one by one; more are grouped here instead of in the browser."""

GROUP_PIXELS = 64
"""Side of the squares of the map within which places become one group."""

TILE_PIXELS = 256
NORTHERNMOST = 85.05
"""Degrees at which the maps of the web end."""

WORLD = Box(south=-90, west=-180, north=90, east=180)
DECIMALS = 4
Degrees = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class View:
    """What a map shows: its edges and its zoom, at which the world is 256 * 2 ** zoom pixels wide."""

    area: Box = WORLD
    zoom: int = 3


def places_of(query: SearchQuery, view: View) -> dict[str, Any]:
    """The places of all results: `total` results, `placed` of them with a known place within `bounds` (west, south,
    east, north, but for the few that lie far off), and either `places` or `groups` (latitude, longitude, number)."""
    found = hits(query)
    ids, exact = index().placed(found.ids)
    points = exact.astype(np.float64)
    answer = {"total": len(found.ids), "placed": len(ids), "bounds": _bounds(points)}
    if len(ids) <= MOST_PLACES:
        return answer | {"places": _places(ids.tolist(), points)}
    return answer | {"groups": _groups(points, view)}


def _bounds(points: Degrees) -> list[float] | None:
    """The rectangle that holds 96 of 100 points in each direction."""
    if not len(points):
        return None
    (south, west), (north, east) = np.quantile(points, [0.02, 0.98], axis=0)
    return [round(float(side), DECIMALS) for side in (west, south, east, north)]


def _places(ids: Sequence[int], points: Degrees) -> list[list[Any]]:
    """[id, kind, path, name, organisation or "", latitude, longitude] of each published listing."""
    owner = aliased(LISTINGS)
    rows = db.session.execute(
        sa.select(LISTINGS.c.id, LISTINGS.c.kind, LISTINGS.c.name, owner.c.name)
        .join(owner, LISTINGS.c.organisation_id == owner.c.id, isouter=True)
        .where(LISTINGS.c.id.in_(ids), LISTINGS.c.status == Status.PUBLISHED)
    )
    said = {id_: [id_, kind.value, f"/{kind.path}/{id_}", name, of or ""] for id_, kind, name, of in rows}
    where = zip(ids, np.round(points, DECIMALS).tolist(), strict=True)
    return [[*said[id_], *point] for id_, point in where if id_ in said]


def _groups(points: Degrees, view: View) -> list[list[Any]]:
    """The middle and the number of the places in each square of the map that has any."""
    points = points[_inside(points, view.area)]
    if not len(points):
        return []
    squares = np.floor(_pixels(points, view.zoom) / GROUP_PIXELS).astype(np.int64)
    _squares, group, counts = np.unique(squares, axis=0, return_inverse=True, return_counts=True)
    middle = np.column_stack([np.bincount(group.ravel(), weights=side) / counts for side in points.T])
    return [[*point, count] for point, count in zip(np.round(middle, DECIMALS).tolist(), counts.tolist(), strict=True)]


def _inside(points: Degrees, box: Box) -> NDArray[np.bool_]:
    lat, lng = points.T
    east_of, west_of = lng >= box.west, lng <= box.east
    between = east_of & west_of if box.west <= box.east else east_of | west_of
    return np.asarray((lat >= box.south) & (lat <= box.north) & between)


def _pixels(points: Degrees, zoom: int) -> Degrees:
    """Where points (latitude, longitude) lie on a map of that zoom, in Mercator's projection."""
    lat = np.radians(np.clip(points[:, 0], -NORTHERNMOST, NORTHERNMOST))
    across = (points[:, 1] + 180) / 360
    down = (1 - np.arcsinh(np.tan(lat)) / np.pi) / 2
    return np.column_stack([across, down]) * TILE_PIXELS * 2.0**zoom
