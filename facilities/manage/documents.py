"""Documents that owners send: recognised by what is in them, whatever they are called."""

import re
import zipfile
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import PurePath

import puremagic
from flask_babel import gettext as _

from facilities.catalogue.models import AttachmentKind
from facilities.manage.uploads import LARGEST_FILE, CannotUse, Checked

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
    "txt": "text/plain",
}
OFFICE_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
MACROS = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|macrosheets/.*|basic/.*|scripts/.*)$")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
MARKUP = re.compile(rb"^\s*(<!doctype|<html|<svg|<\?xml|<\?php|<script|#!)", re.IGNORECASE)
MOST_PARTS = 5000
LONGEST_TYPES = 1024 * 1024
"""Bytes read of the list of types in a document; the rest of it stays packed."""


def read_document(data: bytes, name: str) -> Checked:
    """The document as it is, with what it was found to be; `name` only tells CSV from plain text. Raises CannotUse."""
    if not data:
        raise CannotUse(_("Choose a document: this file is empty."))
    if len(data) > LARGEST_FILE:
        raise CannotUse(_("Choose a smaller file: documents may have 20 MB."))
    extension = _extension(data, name)
    return Checked(data, extension, MEDIA_TYPES[extension], AttachmentKind.DOCUMENT)


def _extension(data: bytes, name: str) -> str:
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    if data.startswith(OLD_OFFICE):
        raise CannotUse(_("Save it as DOCX, XLSX, PPTX or PDF: the older Office formats can hold macros."))
    if data.startswith(b"%PDF-") and _magic(data) == ".pdf":
        return "pdf"
    called = PurePath(name).suffix.lower()
    if called in (".csv", ".txt") and _is_text(data):
        return called.removeprefix(".")
    raise CannotUse(_("Choose a PDF, DOCX, XLSX, PPTX, ODT, ODS, CSV or TXT: this file is none of these inside."))


def _magic(data: bytes) -> str:
    """What the beginning and the end of the data say it is, as an extension with its dot."""
    with suppress(puremagic.PureError, ValueError):
        return puremagic.from_string(data)
    return ""


def _packed(data: bytes) -> str:
    """The kind of an office document, which is a packed folder."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as folder:
            names = folder.namelist()
            types = _types(folder)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise CannotUse(_("Save the document again and send that file: this one is damaged.")) from error
    if len(names) > MOST_PARTS:
        raise CannotUse(_("Send it as PDF: the document has too many parts to look into."))
    if b"macroenabled" in types.lower() or any(MACROS.search(name.lower()) for name in names):
        raise CannotUse(_("Save it without macros (DOCX, XLSX, PPTX or PDF) and send that file."))
    for extension in ("odt", "ods"):
        if types.startswith(MEDIA_TYPES[extension].encode()) and len(types) < 80:
            return extension
    for part, extension in OFFICE_PARTS.items():
        if part in names and MEDIA_TYPES[extension].encode() in types:
            return extension
    raise CannotUse(_("Choose a PDF, DOCX, XLSX, PPTX, ODT, ODS, CSV or TXT: this file is none of these inside."))


def _types(folder: zipfile.ZipFile) -> bytes:
    """What a document says of its own type, OpenDocument or Office; empty if it says nothing."""
    for part in ("mimetype", "[Content_Types].xml"):
        with suppress(KeyError), folder.open(part) as file:
            return file.read(LONGEST_TYPES)
    return b""


def _is_text(data: bytes) -> bool:
    """Whether it is plain text in UTF-8, UTF-16 with its mark, or one byte a letter, and no page or program."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        with suppress(UnicodeDecodeError):
            data = data.decode("utf-16").encode()
    return not CONTROLS.search(data) and not MARKUP.match(data.removeprefix(b"\xef\xbb\xbf"))
