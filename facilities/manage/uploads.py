"""Files that owners sent, in INSTANCE_PATH/uploads under names made from what is in them, which nobody guesses."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from facilities.accounts.models import User
from facilities.catalogue.models import Attachment, AttachmentKind, Revision
from facilities.db import db, now, writing
from facilities.manage.models import Upload
from facilities.moderation.models import Proposal, ProposalState
from facilities.networks.models import Hub, Network

PATH = "/media/"
NAME = re.compile(r"[0-9a-f]{32}(\.small)?\.(webp|pdf|docx|xlsx|pptx|odt|ods|csv|txt)")
NAMES = re.compile(r"[0-9a-f]{32}\.[a-z]{3,4}")
LARGEST_FILE = 20 * 1024 * 1024
"""Bytes."""

WIDEST = 1600
SMALL = 640
"""Pixels of the longer side of a picture, and of its small size, at the most."""

REMEMBERED = timedelta(days=365)
"""For how long after a change its file is kept, so that an earlier version can be restored whole."""

WEEK = timedelta(days=7)
NEW = timedelta(days=1)
"""A file younger than this may be about to be attached."""


class CannotUse(ValueError):
    """The file cannot be taken; the message says to its owner what to do."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was looked into. `small` is the same picture for galleries; sizes are in pixels."""

    data: bytes
    extension: str
    media_type: str
    kind: AttachmentKind
    small: bytes = b""
    width: int | None = None
    height: int | None = None

    @property
    def name(self) -> str:
        return f"{sha256(self.data).hexdigest()[:32]}.{self.extension}"


def url_of(name: str) -> str:
    return PATH + name


def small_url(url: str) -> str:
    """The address of the small size of a picture that was uploaded; others have but one size."""
    return url.removesuffix(".webp") + ".small.webp" if is_upload(url) else url


def small_width(picture: Upload) -> int:
    """Pixels across the small size of a picture."""
    width, height = picture.width or SMALL, picture.height or SMALL
    return round(width * min(1.0, SMALL / max(width, height)))


def is_upload(url: str) -> bool:
    return url.startswith(PATH) and NAME.fullmatch(url.removeprefix(PATH)) is not None


def public_url(url: str) -> str:
    """The address under which other sites reach it; those that are elsewhere stay as they are."""
    return current_app.config["SITE_URL"] + url if is_upload(url) else url


def own_path(url: str) -> str:
    """The path on this site, if the address is that of a file we have; else the address."""
    path = url.removeprefix(current_app.config["SITE_URL"])
    return path if is_upload(path) and file_of(path.removeprefix(PATH)) else url


def file_of(name: str) -> Path | None:
    """The stored file of that name, if there is one."""
    path = _path(name) if NAME.fullmatch(name) else None
    return path if path and path.is_file() else None


def keep_upload(checked: Checked, *, original_name: str = "", by: User | None = None) -> Upload:
    """Store the file once, whoever sends it again, with its row; the caller commits."""
    _write(_path(checked.name), checked.data)
    if checked.small:
        _write(_path(small_url(url_of(checked.name)).removeprefix(PATH)), checked.small)
    known = _upload_called(checked.name)
    if known is not None:
        known.uploaded_at = now()
        return known
    upload = Upload(
        name=checked.name,
        kind=checked.kind,
        media_type=checked.media_type,
        original_name=original_name[:200],
        size=len(checked.data),
        width=checked.width,
        height=checked.height,
        uploaded_by_id=by.id if by else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(upload)
    except IntegrityError:
        return db.session.scalars(sa.select(Upload).where(Upload.name == checked.name)).one()
    return upload


def files_at(urls: Iterable[str]) -> dict[str, Upload]:
    """The uploads at these addresses, those that are ours; no query if none is."""
    names = [url.removeprefix(PATH) for url in urls if is_upload(url)]
    if not names:
        return {}
    return {
        url_of(upload.name): upload for upload in db.session.scalars(sa.select(Upload).where(Upload.name.in_(names)))
    }


def sweep_uploads() -> int:
    """Forget unused files if it has not been done for a week; gives their number."""
    stamp = _folder() / ".swept"
    if stamp.exists() and now().timestamp() - stamp.stat().st_mtime < WEEK.total_seconds():
        return 0
    forgotten = forget_unused_uploads()
    stamp.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp.touch()
    return forgotten


def forget_unused_uploads(*, at: datetime | None = None) -> int:
    """Delete files that no listing shows, no undecided change would show and no change of the last year concerns; gives
    their number. A row goes first: a file that outlives it by a crash is taken by `_delete_strays` the next time."""
    at = at or now()
    wanted = {name for text in _mentions(at) for name in NAMES.findall(text)}
    writing()
    old = sa.select(Upload).where(Upload.uploaded_at < at - NEW)
    unused = [upload for upload in db.session.scalars(old) if upload.name not in wanted]
    for upload in unused:
        db.session.delete(upload)
    db.session.flush()
    kept = set(db.session.scalars(sa.select(Upload.name)))
    db.session.commit()
    _delete_strays(kept, before=at - NEW)
    return len(unused)


def _mentions(at: datetime) -> Iterator[str]:
    """Texts that may name a file."""
    for address in (Attachment.url, Network.logo, Hub.logo):
        yield from db.session.scalars(sa.select(address).where(address.startswith(PATH)))
    undecided = Proposal.state.in_((ProposalState.WAITING, ProposalState.SENT_BACK))
    for changes, when in ((Proposal.changes, undecided), (Revision.changes, Revision.made_at >= at - REMEMBERED)):
        naming = sa.select(changes).where(when, sa.cast(changes, sa.Text).contains(PATH))
        yield from map(str, db.session.scalars(naming.execution_options(yield_per=500)))


def _delete_strays(kept: set[str], *, before: datetime) -> None:
    """Delete files without a row, unless they are so new that their row may still be on its way."""
    for path in _folder().glob("??/*"):
        if path.name.replace(".small.", ".") not in kept and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)


def _upload_called(name: str) -> Upload | None:
    return db.session.scalar(sa.select(Upload).where(Upload.name == name))


def _folder() -> Path:
    return Path(current_app.config["INSTANCE_PATH"]) / "uploads"


def _path(name: str) -> Path:
    return _folder() / name[:2] / name


def _write(path: Path, data: bytes) -> None:
    """Write the file whole or not at all; a crash leaves nothing under its name. Readable by the site only."""
    if path.is_file():
        path.touch()
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
