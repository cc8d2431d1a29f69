"""Files that are sent with enquiries: looked into, kept in `INSTANCE_PATH/enquiries`, given to whoever may read them.

A file is written before its row is committed. If the commit fails it is to be taken away with `discard`; what a crash
leaves behind has no row and is swept.
"""

import os
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePath

from flask import current_app
from flask_babel import gettext as _

from facilities.enquiries.models import Enquiry, EnquiryFile, Thread
from facilities.mail import one_line
from facilities.manage.documents import read_document
from facilities.manage.pictures import read_picture
from facilities.manage.uploads import CannotUse

MEGABYTE = 1024 * 1024
MOST_FILES = 5
LARGEST_FILE = 10 * MEGABYTE
LARGEST_TOGETHER = 20 * MEGABYTE

LARGEST_OF_ENQUIRY = 100 * MEGABYTE
"""Bytes of all files of an enquiry: whoever has its link can send them again and again."""

LARGEST_REQUEST = 64 * MEGABYTE
"""Bytes of a form with files: more than is taken, so that whoever sends too much is told which file it is."""

PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")
"""How the pictures begin that can be read."""

PICTURE_NAMES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".heif", ".svg", ".tif", ".tiff", ".bmp")
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.gif,.webp,.csv,.txt,.xlsx,.docx,.odt,.ods,.pptx"
"""What a browser's file chooser offers; what is in a file decides."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept: `data` as it will be downloaded (pictures are written anew, without what cameras add).

    `digest` tells its contents apart, so that a form sent twice is recognised.
    """

    name: str
    media_type: str
    digest: str
    data: bytes = field(repr=False, compare=False)
    withheld: bool = False


def check_file(name: str, data: bytes, *, withheld: bool = False) -> CheckedFile:
    """The file, if it is one that may be sent. Raises CannotUse, which names it and says what to do."""
    called = plain_name(name)
    try:
        if not data:
            raise CannotUse(_("this file is empty."))
        if len(data) > LARGEST_FILE:
            raise CannotUse(_("choose a smaller file: each may have 10 MB."))
        found = read_picture(data) if _is_picture(called, data) else read_document(data, called)
    except CannotUse as problem:
        raise CannotUse(_("%(name)s: %(problem)s", name=called, problem=problem)) from problem
    stored_name = f"{PurePath(called).stem or 'file'}.{found.extension}"
    return CheckedFile(stored_name, found.media_type, sha256(data).hexdigest(), found.data, withheld)


def check_number(files: Sequence[CheckedFile]) -> None:
    """Raises CannotUse if they are too many or too large together."""
    if len(files) > MOST_FILES:
        raise CannotUse(_("Choose at most five files."))
    if sum(len(file.data) for file in files) > LARGEST_TOGETHER:
        raise CannotUse(_("Choose fewer or smaller files: together they may have 20 MB."))


def check_room(enquiry: Enquiry, files: Sequence[CheckedFile]) -> None:
    """Raises CannotUse if they would be too many bytes beside the files that the enquiry has."""
    there = sum(file.size for file in enquiry.files)
    if files and there + sum(len(file.data) for file in files) > LARGEST_OF_ENQUIRY:
        raise CannotUse(_("All files of an enquiry may have 100 MB together. Say where to fetch this one instead."))


def keep(file: CheckedFile) -> EnquiryFile:
    """Write it to disk, readable by the site only; gives its row, which the caller adds to a message and commits."""
    stored_as = secrets.token_hex(20)
    _write(_folder() / stored_as, file.data)
    return EnquiryFile(
        name=file.name,
        media_type=file.media_type,
        size=len(file.data),
        stored_as=stored_as,
        withheld=file.withheld,
    )


def take_file(name: str, data: bytes) -> EnquiryFile:
    """Look into a file and keep it. Raises CannotUse."""
    return keep(check_file(name, data))


def discard(files: Iterable[EnquiryFile]) -> None:
    """Take the files of a transaction that failed off the disk again."""
    for file in files:
        with suppress(OSError):
            path_of(file).unlink()


def path_of(file: EnquiryFile) -> Path:
    """Where it lies; it may be gone."""
    return _folder() / file.stored_as


def requester_reads(file: EnquiryFile) -> bool:
    """Whether the requester of its enquiry may have it: all but what owners note for each other."""
    return file.message is None or not file.message.internal


def owners_read(file: EnquiryFile, thread: Thread) -> bool:
    """Whether those who may read the thread may have it: what was said in it or to all, and what is held back only once
    the terms are accepted."""
    if file.enquiry_id != thread.enquiry_id or (file.withheld and not thread.shows_withheld):
        return False
    return file.message is None or file.message.thread_id in (None, thread.id)


def plain_name(name: str) -> str:
    """A file's name without the folders it came from, in one line of printable characters."""
    return one_line(PurePath(name.replace("\\", "/")).name)[-150:] or "file"


def _is_picture(name: str, data: bytes) -> bool:
    return data.startswith(PICTURES) or (name.lower().endswith(PICTURE_NAMES) and not data.startswith(b"%PDF-"))


def _folder() -> Path:
    return Path(current_app.config["INSTANCE_PATH"]) / "enquiries"


def _write(path: Path, data: bytes) -> None:
    """Write the file and have it on the disk, its name too, before the row that tells of it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
