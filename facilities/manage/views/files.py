"""The files that owners sent. A name is known only to whoever saw a page with the file on it, so none is guarded."""

import sqlalchemy as sa
from flask import Blueprint, Response, abort, send_file
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone
from facilities.db import db
from facilities.formats import file_size
from facilities.manage.documents import MEDIA_TYPES
from facilities.manage.models import Upload
from facilities.manage.uploads import file_of, small_url, small_width
from facilities.pages import talisman

files = Blueprint("media", __name__)

for word in (file_size, small_url, small_width):
    files.add_app_template_filter(word)

A_YEAR = 31_536_000
NOTHING_MAY_RUN = {"default-src": "'none'", "sandbox": ""}
"""For documents, should a browser ever show one itself."""


@files.route("/media/<name>")
@allow(anyone)
@talisman(content_security_policy=NOTHING_MAY_RUN)  # type: ignore[untyped-decorator]
def media(name: str) -> ResponseReturnValue:
    """A picture to be shown, a document to be downloaded. What is behind a name never changes."""
    path = file_of(name) or abort(404)
    extension = path.suffix.removeprefix(".")
    if extension == "webp":
        answer = send_file(path, "image/webp", max_age=A_YEAR)
    else:
        answer = send_file(
            path, MEDIA_TYPES[extension], as_attachment=True, download_name=_called(name), max_age=A_YEAR
        )
    return _kept(answer)


def _kept(answer: Response) -> Response:
    answer.cache_control.public = True
    answer.cache_control.immutable = True
    return answer


def _called(name: str) -> str:
    """The name under which a document was sent, with the ending of what it is."""
    upload = db.session.scalar(sa.select(Upload).where(Upload.name == name))
    stem, _dot, _ending = (upload.original_name if upload else "").rpartition(".")
    return f"{stem or 'document'}.{name.rpartition('.')[2]}"
