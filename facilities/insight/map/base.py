"""The base map as paths of a drawing: the same outlines and county borders that the map in the browser has."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from facilities.config import ROOT
from facilities.insight.map.grouping import Degrees, pixels

STATIC = Path(ROOT) / "facilities" / "static"


@dataclass(frozen=True, slots=True)
class Frame:
    """A drawing of `width` by `height` pixels of a map at `zoom`, its upper left corner `left`, `top` pixels from that
    of the world."""

    zoom: float
    left: float
    top: float
    width: int
    height: int

    def place(self, points: Degrees) -> Degrees:
        """Pixels of the drawing for points (latitude, longitude)."""
        return pixels(points, self.zoom) - (self.left, self.top)

    def shows(self, xy: Degrees) -> bool:
        """Whether a line may touch the drawing."""
        (west, north), (east, south) = xy.min(axis=0), xy.max(axis=0)
        return bool(west < self.width and east > 0 and north < self.height and south > 0)


def land(frame: Frame) -> str:
    """The path of all countries that the frame shows."""
    return _path(frame, _rings("vendor/base_map.json", "countries"), closed=True)


def borders(frame: Frame) -> str:
    """The path of the county borders in the frame."""
    return _path(frame, _rings("borders.json", "borders"), closed=False)


def _path(frame: Frame, lines: Sequence[Degrees], *, closed: bool) -> str:
    return "".join(_steps(frame, lines, "z" if closed else ""))


def _steps(frame: Frame, lines: Sequence[Degrees], end: str) -> Iterator[str]:
    """Each line in tenths of pixels that differ from the one before; what is smaller than a pixel is left out."""
    for line in lines:
        xy = frame.place(line)
        if not frame.shows(xy) or np.ptp(xy, axis=0).max() < 1:
            continue
        rounded = np.round(xy, 1)
        changed = np.append(True, (np.abs(np.diff(rounded, axis=0)) > 0).any(axis=1))
        yield "M" + "L".join(f"{x:g} {y:g}" for x, y in rounded[changed].tolist()) + end


@lru_cache(maxsize=2)
def _rings(name: str, of: str) -> list[Degrees]:
    """The lines (latitude, longitude) of an object of a TopoJSON file; none if the file was not built."""
    path = STATIC / name
    if not path.exists():
        return []
    topology = json.loads(path.read_text(encoding="utf-8"))
    arcs = [_decoded(arc, **topology["transform"]) for arc in topology["arcs"]]
    return [_joined(arcs, chain) for chain in _chains(topology["objects"][of])]


def _decoded(arc: list[list[int]], scale: list[float], translate: list[float]) -> Degrees:
    """Steps of a grid made degrees (longitude, latitude)."""
    steps = list(accumulate(arc, lambda at, step: [at[0] + step[0], at[1] + step[1]]))
    return np.array(steps, float) * scale + translate


def _chains(shape: dict[str, Any]) -> Iterator[list[int]]:
    """The chains of arcs of a shape of any type; a number below zero is an arc backwards."""
    if shape["type"] == "GeometryCollection":
        for part in shape["geometries"]:
            yield from _chains(part)
        return
    arcs = shape.get("arcs", [])
    if shape["type"] == "LineString":
        yield arcs
    elif shape["type"] in ("Polygon", "MultiLineString"):
        yield from arcs
    else:
        for polygon in arcs:
            yield from polygon


def _joined(arcs: Sequence[Degrees], chain: Sequence[int]) -> Degrees:
    parts = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in chain]
    joined = np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
    return np.ascontiguousarray(joined[:, ::-1])
