"""Places near to each other on a map become one mark, so that marks never lie upon each other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from math import ceil, floor, hypot, log2

import numpy as np
from numpy.typing import NDArray

from search_index import Box

APART = 52
"""Pixels between the middles of two marks at least: more than the widest mark."""
TILE_PIXELS = 256
NORTHERNMOST = 85.05
"""Degrees at which the maps of the web end."""
DECIMALS = 4
"""Of degrees: eleven metres, finer than a building. What is the same to so many stands at one place."""

MOST_KEPT = 24
"""Answers that a process keeps: all whole zooms of one search, and then some. Each has sixteen bytes for each place."""

Degrees = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Places:
    """Each place (latitude, longitude in degrees) once, with the number of listings there. Two are equal if their
    `digest` is."""

    digest: bytes
    points: Degrees = field(compare=False)
    counts: Numbers = field(compare=False)

    @classmethod
    def of(cls, points: Degrees) -> tuple["Places", Numbers]:
        """The places of listings, and which of them each listing has."""
        each, place, counts = np.unique(np.round(points, DECIMALS), axis=0, return_inverse=True, return_counts=True)
        digest = blake2b(each.tobytes() + counts.tobytes(), digest_size=16).digest()
        return cls(digest, each, counts.astype(np.int64)), place.ravel().astype(np.int64)


@dataclass(frozen=True, slots=True)
class Marks:
    """What is drawn at one zoom. `of` is the mark of each place, and for each mark: `centre` is the place that it
    stands at, `number` of listings, `places` in it, and `closer`, the zoom at which it parts."""

    of: Numbers
    centre: Numbers
    number: Numbers
    places: Numbers
    closer: Numbers


def marks_of(places: Places, zoom: float) -> Marks:
    """The marks of places at a zoom, at which the world is 256 * 2 ** zoom pixels wide. The place with most listings
    draws in those around it, then the next; a mark stays where its largest place is."""
    # Drawings have any zoom: they share the marks of the tenth below theirs, which are no nearer to each other.
    return _marks_of(places, floor(zoom * 10) / 10)


@lru_cache(maxsize=MOST_KEPT)
def _marks_of(places: Places, zoom: float) -> Marks:
    xy = pixels(places.points, zoom)
    centre_of, away = _drawn_in(xy, np.lexsort((*places.points.T, -places.counts)))
    centre, of = np.unique(centre_of, return_inverse=True)
    of = of.ravel().astype(np.int64)
    number = np.bincount(of, weights=places.counts, minlength=len(centre)).astype(np.int64)
    farthest = np.zeros(len(centre))
    np.maximum.at(farthest, of, away)
    closer = np.array([_parting(zoom, distance) for distance in farthest], np.int64)
    return Marks(of, centre.astype(np.int64), number, np.bincount(of, minlength=len(centre)), closer)


def _drawn_in(xy: Degrees, order: NDArray[np.int64]) -> tuple[Numbers, NDArray[np.float64]]:
    """For each point the index of the one that its mark stands at, and how many pixels away that is."""
    centre_of, away = np.zeros(len(xy), np.int64), np.zeros(len(xy))
    cells: dict[tuple[int, int], list[int]] = {}
    points = xy.tolist()
    for i in order.tolist():
        x, y = points[i]
        column, row = int(x // APART), int(y // APART)
        near = [(hypot(points[c][0] - x, points[c][1] - y), c) for c in _around(cells, column, row)]
        distance, centre = min(near, default=(APART, i))
        if distance >= APART:
            distance, centre = 0.0, i
            cells.setdefault((column, row), []).append(i)
        centre_of[i], away[i] = centre, distance
    return centre_of, away


def _around(cells: dict[tuple[int, int], list[int]], column: int, row: int) -> Iterator[int]:
    for across in (column - 1, column, column + 1):
        for down in (row - 1, row, row + 1):
            yield from cells.get((across, down), ())


def _parting(zoom: float, distance: float) -> int:
    """The whole zoom from which points so many pixels apart at `zoom` are marks of their own; 0 for none."""
    return ceil(zoom + log2(APART / distance)) if distance else 0


def inside(points: Degrees, box: Box) -> NDArray[np.bool_]:
    """Which points lie in a box, which may reach across the 180th meridian."""
    lat, lng = points.T
    east_of, west_of = lng >= box.west, lng <= box.east
    between = east_of & west_of if box.west <= box.east else east_of | west_of
    return np.asarray((lat >= box.south) & (lat <= box.north) & between)


def pixels(points: Degrees, zoom: float) -> Degrees:
    """Where points (latitude, longitude) lie on a map of that zoom, in Mercator's projection."""
    lat = np.radians(np.clip(points[:, 0], -NORTHERNMOST, NORTHERNMOST))
    across = (points[:, 1] + 180) / 360
    down = (1 - np.arcsinh(np.tan(lat)) / np.pi) / 2
    return np.column_stack([across, down]) * TILE_PIXELS * 2.0**zoom
