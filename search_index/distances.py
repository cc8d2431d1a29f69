"""Where documents are: how far from a point, and whether on a part of the map. A place that is not known is NaN."""

import numpy as np
from numpy.typing import NDArray

from search_index.queries import Box, Near

_EARTH_KM = 6371.0088
"""The earth's mean radius."""


def kilometres(near: Near, points: NDArray[np.float32]) -> NDArray[np.float32]:
    """The distance of each of `points` (latitude and longitude in degrees) along a great circle, by the haversine."""
    with np.errstate(invalid="ignore", over="ignore"):
        lat, lng = np.radians(points[:, 0]), np.radians(points[:, 1])
        from_lat, from_lng = np.radians(np.array([near.lat, near.lng], np.float32))
        north, east = np.sin((lat - from_lat) / 2), np.sin((lng - from_lng) / 2)
        chord = np.clip(north * north + np.cos(lat) * np.cos(from_lat) * east * east, 0, 1)
        return (2 * _EARTH_KM * np.arcsin(np.sqrt(chord))).astype(np.float32)


def inside(box: Box, points: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which of `points` are in the box; the date line may run through it."""
    lat, lng = points[:, 0], points[:, 1]
    above = (lat >= box.south) & (lat <= box.north)
    if box.west > box.east:
        return above & ((lng >= box.west) | (lng <= box.east))
    return above & (lng >= box.west) & (lng <= box.east)
