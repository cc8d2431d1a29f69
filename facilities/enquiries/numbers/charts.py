"""A chart of months as SVG that stands in a page: without style, script or colour of its own."""

import sys
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any
from xml.etree import ElementTree

from babel.dates import format_date
from markupsafe import Markup

from facilities.formats import number, visitor_locale

WIDTH, HEIGHT = 360, 190
LABELLED = 3
"""Every third month is written below its bar."""

DROPPED = ("script", "style", "title", "desc", "defs")
"""What the library adds and the page's rules do not allow or need."""


def bar_chart(label: str, months: Sequence[date], values: Sequence[int]) -> Markup:
    """Bars, one for each month; `label` is what those hear who do not see it."""
    top, pygal = _top(values), library()
    chart = pygal.Bar(
        width=WIDTH, height=HEIGHT, margin=4, spacing=8, css=[], js=[], show_legend=False, pretty_print=False,
        range=(0, top), y_labels=[0, top // 2, top], truncate_label=-1, value_formatter=_whole,
        show_minor_x_labels=False, x_labels_major_every=LABELLED,
        style=pygal.style.Style(label_font_size=12, major_label_font_size=12),
    )  # fmt: skip
    chart.x_labels = [short_month(month) for month in months]
    chart.add(label, list(values))
    return _plain(chart.render_tree(), label)


def short_month(month: date) -> str:
    """A month in few letters: Sep 26."""
    return format_date(month, "LLL yy", locale=visitor_locale())


def month_of_year(month: date) -> str:
    """A month as the first cell of a row: Sep 2026."""
    return format_date(month, "LLL y", locale=visitor_locale())


@cache
def library() -> Any:
    """The library, which takes a tenth of a second to load: only these pages have to spend it. It leaves a finder of
    its map plug-ins among those that every later import of the process asks; Python no longer knows that kind."""
    import pygal
    import pygal.style

    sys.meta_path[:] = [each for each in sys.meta_path if type(each).__module__ != "pygal"]
    return pygal


def _top(values: Sequence[int]) -> int:
    """An even round number that no value is above: 2, 4, 6, 8, 10, 20, 40, ..."""
    most, unit = max(values, default=0), 1
    while most > 10 * unit:
        unit *= 10
    return next(step * unit for step in (2, 4, 6, 8, 10) if step * unit >= most)


def _whole(value: float) -> str:
    return number(int(value))


def _plain(tree: ElementTree.Element, label: str) -> Markup:
    """The tree as part of a page: the page's own style sheet gives it its looks."""
    for parent in list(tree.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or child.tag.rpartition("}")[2] in DROPPED:
                parent.remove(child)
        parent.attrib.pop("id", None)
        parent.attrib.pop("style", None)
    tree.attrib |= {"role": "img", "aria-label": label, "class": "chart"}
    return Markup(ElementTree.tostring(tree, encoding="unicode"))  # noqa: S704 (written by ElementTree, which escapes)
