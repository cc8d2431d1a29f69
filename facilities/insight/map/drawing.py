"""The map as a drawing for a slide or a page: base, marks, a legend, what it shows, when, and from where."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log2
from pathlib import Path
from re import findall

import numpy as np
import resvg_py
from flask import current_app, render_template
from markupsafe import Markup

from facilities.catalogue.models import Kind
from facilities.config import ROOT
from facilities.formats import site_today
from facilities.insight.map.base import STATIC, Frame, borders, land
from facilities.insight.map.columns import KINDS, columns
from facilities.insight.map.grouping import TILE_PIXELS, Degrees, marks_of, pixels
from facilities.insight.map.places import Found, bounds
from facilities.search.narrowing import in_words
from facilities.search.query import SearchQuery
from search_index import Box

USUAL_WIDTH, LEAST_WIDTH, MOST_WIDTH = 1600, 480, 3200
SHAPE = 0.52
"""Height of the map by its width, as a slide has room for."""
ROOM = 60
"""Pixels that are left free around what is shown."""
CLOSEST = 11.0
REGION = 220
"""Kilometres of the equator that a drawing without an area shows at least: our coast has no detail for less."""
NORDIC = Box(south=54.5, west=3, north=71, east=32)
"""What is drawn where nothing was found."""
EQUATOR = 40_075
"""Kilometres."""
HEAD, FOOT = 84, 76
"""Pixels above and below the map."""
FONTS = "Atkinson Hyperlegible Next, DejaVu Sans, Liberation Sans, Noto Sans, Arial, Helvetica, sans-serif"
"""The first that a machine has is taken; a PNG is made with the first one, which comes with the site."""
FONT_FILES = [str(Path(ROOT) / "templates" / "facts" / "fonts" / f"text-{style}.ttf") for style in ("regular", "bold")]


@dataclass(frozen=True, slots=True)
class Picture:
    """What is asked of a drawing: a part of the map or None for all that was found, and a width in pixels."""

    area: Box | None = None
    width: int = USUAL_WIDTH
    titled: bool = True
    """Whether it says itself what it shows: on a page that has the name already it does not."""

    @classmethod
    def asked(cls, area: Box | None, width: int) -> "Picture":
        return cls(area, min(max(width, LEAST_WIDTH), MOST_WIDTH) if width else USUAL_WIDTH)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A mark in a drawing: the middle and the radius in pixels, what it says or the kind whose picture it bears."""

    x: float
    y: float
    radius: float
    text: str
    kind: Kind | None


def drawing(query: SearchQuery, found: Found, asked: Picture) -> str:
    """The SVG of the marks of what was found, in Mercator's projection."""
    frame = framed(asked, found)
    marks = list(_marks(found, frame))
    head = HEAD if asked.titled else 0
    return render_template(
        "insight/map/drawing.svg",
        frame=frame,
        titled=asked.titled,
        head=head,
        height=frame.height + head + FOOT,
        fonts=FONTS,
        land=land(frame),
        borders=borders(frame) if frame.zoom > 3 else "",
        marks=marks,
        legend=_legend(found, frame),
        pictures=pictures(),
        title=in_words(query),
        day=site_today(),
        total=found.total,
        placed=len(found.ids),
        address=current_app.config["SITE_URL"] + query.url,
    )


def png(svg: str) -> bytes:
    """The drawing as a picture, a pixel for each of its pixels. The machine's fonts are for letters that ours lacks."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, background="#ffffff", font_files=FONT_FILES))


def framed(asked: Picture, found: Found) -> Frame:
    """The part of the world that a drawing shows: the area asked for, or nearly all of what was found."""
    height = round(asked.width * SHAPE)
    around = bounds(found)
    box = asked.area or (Box(west=around[0], south=around[1], east=around[2], north=around[3]) if around else NORDIC)
    room = 0 if asked.area else ROOM
    east = box.east + 360 if box.east < box.west else box.east
    (left, top), (right, bottom) = pixels(np.array([[box.north, box.west], [box.south, east]]), 0)
    across = max((right - left) / (asked.width - 2 * room), (bottom - top) / (height - 2 * room), 2 ** -_closest(asked))
    zoom = max(-log2(across), log2(asked.width / TILE_PIXELS) - 1)
    middle = np.array([left + right, top + bottom]) / 2 * 2**zoom
    return Frame(zoom, float(middle[0]) - asked.width / 2, float(middle[1]) - height / 2, asked.width, height)


def _closest(asked: Picture) -> float:
    """The largest zoom: a part of the map that was asked for may be a town."""
    return CLOSEST if asked.area else min(CLOSEST, log2(asked.width / TILE_PIXELS * EQUATOR / REGION))


def _marks(found: Found, frame: Frame) -> Iterator[Drawn]:
    """Clusters and places with several listings by their numbers, a place with one by its kind; largest first, so that
    none hides a smaller one."""
    marks = marks_of(found.places, frame.zoom)
    xy = frame.place(found.places.points[marks.centre])
    kind_at = dict(zip(found.place.tolist(), columns().kinds_of(found.ids).tolist(), strict=True))
    for i in np.argsort(-marks.number, kind="stable").tolist():
        x, y = xy[i].tolist()
        number = int(marks.number[i])
        if 0 <= x <= frame.width and 0 <= y <= frame.height:
            kind = KINDS[kind_at[int(marks.centre[i])]] if number == 1 else None
            radius = 11.0 if number == 1 else 13 + 2.5 * len(str(number))
            yield Drawn(round(x, 1), round(y, 1), radius, "" if kind else str(number), kind)


def _legend(found: Found, frame: Frame) -> Sequence[tuple[Kind, int]]:
    """How many listings of each kind stand within the drawing."""
    inside = _within(frame.place(found.points), frame) if len(found.ids) else np.zeros(0, bool)
    kinds = columns().kinds_of(found.ids[inside])
    counts = np.bincount(kinds, minlength=len(KINDS)).tolist()
    return [(kind, count) for kind, count in zip(KINDS, counts, strict=True) if count]


def _within(xy: Degrees, frame: Frame) -> np.ndarray:
    return np.asarray((xy >= 0).all(axis=1) & (xy <= (frame.width, frame.height)).all(axis=1))


@lru_cache(maxsize=1)
def pictures() -> Markup:
    """The pictures of the kinds, as symbols for a drawing."""
    icons = (STATIC / "icons.svg").read_text(encoding="utf-8")
    wanted = {kind.value for kind in Kind}
    symbols = findall(r'(<symbol id="([a-z-]+)".*?</symbol>)', icons)
    return Markup("".join(symbol for symbol, name in symbols if name in wanted))  # noqa: S704 - a file of our own
