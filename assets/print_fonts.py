"""Make the fonts of the printed fact sheet, templates/facts/fonts/, from those of the pages.

The program that sets the sheet reads neither woff2 nor two files for one face. Needs fonttools and brotli:
`python assets/print_fonts.py` from the root of the project.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

PAGES = Path("facilities/static/vendor/fonts")
SHEET = Path("templates/facts/fonts")
FAMILY = "Atkinson Hyperlegible Next"
STYLES = {"Regular": (400, 0x40, 0), "Bold": (700, 0x20, 1)}
"""Weight, and the bits that say so in the tables OS/2 and head."""

LAYOUT = ("GSUB", "GPOS", "GDEF")


def main() -> None:
    for style, (weight, selection, mac_style) in STYLES.items():
        font = merged(weight)
        for name_id, text in (
            (1, FAMILY),
            (2, style),
            (4, f"{FAMILY} {style}"),
            (6, f"AtkinsonHyperlegibleNext-{style}"),
        ):
            font["name"].setName(text, name_id, 3, 1, 0x409)
        font["OS/2"].usWeightClass, font["OS/2"].fsSelection = weight, selection
        font["head"].macStyle = mac_style
        font.save(SHEET / f"text-{style.lower()}.ttf")


def merged(weight: int) -> TTFont:
    """Both parts of the face in one weight."""
    with TemporaryDirectory() as folder:
        parts = []
        for part in ("latin", "latin-ext"):
            font = TTFont(PAGES / f"text-{part}.woff2")
            font.flavor = None
            font = instantiateVariableFont(font, {"wght": weight})
            for table in ("STAT", *(LAYOUT if part != "latin" else ())):
                if table in font:
                    del font[table]
            parts.append(f"{folder}/{part}.ttf")
            font.save(parts[-1])
        return Merger().merge(parts)


if __name__ == "__main__":
    main()
