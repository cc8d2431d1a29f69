"""Figures as SVG. It stands in pages, whose style sheet may colour it anew, alone in a file, and in the fact sheet: so
its looks are attributes, without style, script or anything from elsewhere."""

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

from markupsafe import Markup

from facilities.enquiries.numbers.charts import DROPPED, library
from facilities.insight.facts.figure import Chart
from facilities.insight.facts.showing import ShownFigure, ShownRow

WIDTH = 440
"""Pixels: of which a phone shows most, so that letters stay large enough to read."""

BAR, COLUMNS = 30, 230
"""Height of one bar with its space, and of a chart of columns, in pixels."""

TEXT, SMALL = 14, 11
MANY = 12
"""Columns from which their numbers are written small."""

FONT = "'Atkinson Hyperlegible Next', 'Segoe UI', Helvetica, Arial, sans-serif"
INK, SOFT, FILL, LINE = "#221f1b", "#57514a", "#0b5b5d", "#8c8479"
LETTER = 8
"""Pixels that a letter of a label or number takes."""

LONGEST = 30
"""Letters of the name of a bar; more are cut, the table has them."""


def svg_of(figure: ShownFigure) -> str:
    """The chart of a figure with title and description; empty where it has none."""
    if figure.chart == Chart.NONE:
        return ""
    tree = (_columns if figure.chart == Chart.COLUMNS else _bars)(figure)
    _simplify(tree)
    _name(tree, figure)
    return ElementTree.tostring(tree, encoding="unicode")


def markup_of(figure: ShownFigure) -> Markup:
    """The same as a part of a page."""
    return Markup(svg_of(figure))  # noqa: S704 (written by ElementTree, which escapes)


def _bars(figure: ShownFigure) -> ElementTree.Element:
    """The first row on top; pygal begins at the bottom."""
    rows = figure.rows[::-1]
    most = 100 if figure.chart == Chart.SHARES else max(1, *(row.drawn for row in rows))
    chart = library().HorizontalBar(
        height=BAR * len(rows) + 12, range=(0, most * _widened(rows)), show_x_labels=False, **_plain_settings()
    )
    chart.x_labels = [_short(row.label) for row in rows]
    chart.add("", [row.drawn for row in rows])
    tree: ElementTree.Element = chart.render_tree()
    for bar, row in zip(_rectangles(tree), rows, strict=True):
        middle = float(bar.get("y", 0)) + float(bar.get("height", 0)) / 2
        _slim(bar, "y", "height", 16)
        _write(tree, bar, float(bar.get("x", 0)) + float(bar.get("width", 0)) + 6, middle + TEXT / 3, row.text, "start")
    return tree


def _widened(rows: Sequence[ShownRow]) -> float:
    """By how much the scale is longer than the longest bar, so that the number behind it has room."""
    room = WIDTH - 24 - LETTER * max(len(_short(row.label)) for row in rows)
    return max(1.18, room / max(room / 2, room - 10 - LETTER * max(len(row.text) for row in rows)))


def _columns(figure: ShownFigure) -> ElementTree.Element:
    rows = figure.rows
    most = max(1, *(row.drawn for row in rows))
    chart = library().Bar(height=COLUMNS, range=(0, most * 1.12), show_y_labels=False, **_plain_settings())
    wide = LETTER * max(len(row.label) for row in rows) + 10
    every = next((step for step in (1, 2, 5) if len(rows) * wide < WIDTH * step), 10)
    chart.x_labels = [_tick(row.label, every, at - len(rows) + 1) for at, row in enumerate(rows)]
    chart.add("", [row.drawn for row in rows])
    tree: ElementTree.Element = chart.render_tree()
    for bar, row in zip(_rectangles(tree), rows, strict=True):
        middle = float(bar.get("x", 0)) + float(bar.get("width", 0)) / 2
        _slim(bar, "x", "width", min(40, float(bar.get("width", 0))))
        if row.drawn or row.value is None:
            text = row.text if row.value is not None else "×"
            _write(tree, bar, middle, float(bar.get("y", 0)) - 5, text, "middle", SMALL if len(rows) > MANY else TEXT)
    return tree


def _plain_settings() -> dict[str, Any]:
    style = library().style.Style(label_font_size=TEXT, major_label_font_size=TEXT)
    return {
        "width": WIDTH, "margin": 4, "spacing": 8, "css": [], "js": [], "show_legend": False, "pretty_print": False,
        "show_x_guides": False, "show_y_guides": False, "truncate_label": -1, "style": style,
    }  # fmt: skip


def _rectangles(tree: ElementTree.Element) -> list[ElementTree.Element]:
    return [each for each in tree.iter("rect") if "reactive" in each.get("class", "")]


def _slim(bar: ElementTree.Element, start: str, size: str, most: float) -> None:
    """Make a bar at most so thick, in the middle of its place."""
    thick = float(bar.get(size, 0))
    if thick > most:
        bar.set(start, f"{float(bar.get(start, 0)) + (thick - most) / 2:.1f}")
        bar.set(size, f"{most:.1f}")


def _write(
    tree: ElementTree.Element, bar: ElementTree.Element, x: float, y: float, text: str, anchor: str, size: int = TEXT
) -> None:
    parent = next(each for each in tree.iter() if bar in list(each))
    word = ElementTree.SubElement(parent, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", "class": "amount"})
    word.attrib |= {"text-anchor": anchor, "fill": INK, "font-weight": "600"}
    word.attrib |= {"font-size": str(size)}
    word.text = text


def _simplify(tree: ElementTree.Element) -> None:
    """Leave what is drawn, with its looks as attributes."""
    for parent in list(tree.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or child.tag in DROPPED or _is_empty(child):
                parent.remove(child)
        for name in ("id", "style"):
            parent.attrib.pop(name, None)
    for group, anchor in (("axis x", "middle"), ("axis y", "end")):
        for axis in (each for each in tree.iter("g") if each.get("class") == group):
            for text in axis.iter("text"):
                text.attrib |= {"text-anchor": anchor, "fill": SOFT, "class": "label"}
                text.attrib |= {"y": f"{float(text.get('y', 0)):.1f}"}
    for bar in _rectangles(tree):
        bar.attrib |= {"class": "bar", "fill": FILL}


def _is_empty(part: ElementTree.Element) -> bool:
    """Backgrounds, lines of the grid, and texts of nothing."""
    name, kind = part.tag, part.get("class", "")
    return kind in {"background", "tooltip"} or name == "path" or (name == "text" and not (part.text or "").strip())


def _name(tree: ElementTree.Element, figure: ShownFigure) -> None:
    """What it is called and says, for those who do not see it."""
    _left, _top, width, height = tree.get("viewBox", "0 0 0 0").split()
    ids = (f"chart-{figure.name}-title", f"chart-{figure.name}-text")
    tree.attrib |= {"class": "chart", "role": "img", "aria-labelledby": " ".join(ids), "font-family": FONT}
    tree.attrib |= {"font-size": str(TEXT), "width": width, "height": height}
    texts = (figure.title, f"{figure.definition} {figure.coverage}".strip())
    for place, (tag, id_, text) in enumerate(zip(("title", "desc"), ids, texts, strict=True)):
        word = ElementTree.Element(tag, {"id": id_})
        word.text = text
        tree.insert(place, word)


def _short(label: str) -> str:
    return label if len(label) <= LONGEST else label[: LONGEST - 1].rstrip() + "…"


def _tick(label: str, every: int, before_last: int) -> str:
    """A word below a column, if its turn has come."""
    return label if before_last % every == 0 else ""
