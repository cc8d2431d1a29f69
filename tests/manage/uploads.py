"""Files for tests, made here."""

import zipfile
from io import BytesIO
from typing import Any

from PIL import Image

CONTENT_TYPES = "[Content_Types].xml"
OFFICE = {
    "docx": ("word/document.xml", "wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation"),
}
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def picture(kind: str = "PNG", size: tuple[int, int] = (80, 40), colour: Any = "teal", **saved: Any) -> bytes:
    """A picture of one colour."""
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, kind, **saved)
    return file.getvalue()


def packed(parts: dict[str, str | bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, text in parts.items():
            folder.writestr(name, text)
    return file.getvalue()


def office(extension: str, extra: dict[str, str | bytes] | None = None, types: str = "") -> bytes:
    """An empty office document, with more parts if wished."""
    part, family = OFFICE[extension]
    said = types or f"application/vnd.openxmlformats-officedocument.{family}.main+xml"
    return packed({CONTENT_TYPES: f'<Types><Override ContentType="{said}"/></Types>', part: "<x/>"} | (extra or {}))


def open_document(extension: str, extra: dict[str, str | bytes] | None = None) -> bytes:
    kind = {"odt": "text", "ods": "spreadsheet"}[extension]
    return packed({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": "<x/>"} | (extra or {}))
