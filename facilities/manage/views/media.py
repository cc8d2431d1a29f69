"""Images and documents of a listing. A file that is sent with the form is stored and becomes a row of it; what is saved
and when the public sees it is decided as for every other section."""

from dataclasses import dataclass, field
from typing import Any

from flask import Response, abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from werkzeug.datastructures import FileStorage, MultiDict

from facilities.access import allow, me, signed_in
from facilities.catalogue.models import Listing
from facilities.db import ID, db, letting_others_write
from facilities.manage.documents import read_document
from facilities.manage.forms.media import Media
from facilities.manage.pictures import read_picture
from facilities.manage.sections import Section, section_called
from facilities.manage.uploads import CannotUse, Checked, keep_upload, url_of
from facilities.manage.views import bp
from facilities.manage.views.reviewing import decided_meanwhile, listing_to_edit
from facilities.manage.views.section import posted_form, section_page, settle
from facilities.pages import limiter

LARGEST_REQUEST = 64 * 1024 * 1024
"""Bytes of a form with two files; more than two may have, so that whoever sends a larger one is told which."""

MOST_FILES = "100/hour"
PARTS = ("image", "document")


@dataclass
class Sent:
    """The form as it is to be read, with a row for each file that was taken, and what is wrong with the others."""

    values: MultiDict[str, str]
    problems: dict[str, str] = field(default_factory=dict)


@bp.url_value_preprocessor
def allow_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the request: this form may be large."""
    if endpoint == "manage.save_media":
        request.max_content_length = LARGEST_REQUEST


@bp.route(f"/listings/<{ID}:listing_id>/edit/media", methods=["POST"])
@bp.route(f"/reviews/<{ID}:listing_id>/sections/media", methods=["POST"])
@allow(signed_in)
def save_media(listing_id: int) -> ResponseReturnValue:
    """Save the section, with the files that were sent."""
    listing = listing_to_edit(listing_id)
    section = section_called("media", listing.kind) or abort(404)
    if elsewhere := decided_meanwhile(listing):
        return elsewhere
    if "draft" in request.form:
        return settle(listing, section)
    sent = Sent(request.form.copy())
    _expect_files(sent)
    if any(file.filename for file in request.files.values()):
        _take_files(sent)
        listing = listing_to_edit(listing_id)
        if elsewhere := decided_meanwhile(listing):
            return elsewhere
    answer = _refused(listing, section, sent) if sent.problems else posted_form(listing, section, sent.values)
    saved = isinstance(answer, Response) and answer.status_code == 303
    return redirect(request.path, 303) if saved and request.form.get("act") == "more" else answer


def _refused(listing: Listing, section: Section, sent: Sent) -> ResponseReturnValue:
    """The form once more, with what is wrong with a file beside it."""
    form = Media(listing, formdata=sent.values)
    form.validate()
    for name, problem in sent.problems.items():
        form[name].errors = [*form[name].errors, problem]
    return section_page(listing, section, form, request.form.get("opened", "")), 422


def _expect_files(sent: Sent) -> None:
    """Words about a file that is not there were meant for one."""
    for part in PARTS:
        said = (sent.values.get(f"new_{part}_{name}", "").strip() for name in ("title", "credit", "decorative"))
        if any(said) and not _file(part) and not request.form.get("change"):
            sent.problems[f"new_{part}"] = _("Choose the file that these words are about.")


def _file(part: str) -> FileStorage | None:
    file = request.files.get(f"new_{part}")
    return file if file and file.filename else None


def _take_files(sent: Sent) -> None:
    """Store the files that can be used, and note what is wrong with the others. Nobody has to wait while they are
    looked into."""
    with letting_others_write():
        taken = {part: checked for part in PARTS if (checked := _checked(sent, part))}
    for part, checked in taken.items():
        name = str(request.files[f"new_{part}"].filename)
        url = url_of(keep_upload(checked, original_name=name, by=me()).name)
        _add_row(sent.values, part, url)
    db.session.commit()


def _checked(sent: Sent, part: str) -> Checked | None:
    """The file that was sent, looked into; None, with the reason noted, if it cannot be used."""
    file = _file(part)
    try:
        return _read(part, file) if file else None
    except CannotUse as problem:
        sent.problems[f"new_{part}"] = str(problem)
        return None


def _read(part: str, file: FileStorage) -> Checked:
    try:
        with limiter.limit(MOST_FILES, key_func=_sender), file.stream as stream:
            data = stream.read()
    except RateLimitExceeded as error:
        raise CannotUse(_("You have sent many files. Send this one in an hour.")) from error
    return read_picture(data) if part == "image" else read_document(data, file.filename or "")


def _sender() -> str:
    user = me()
    return f"files of {user.id}" if user else "files"


def _add_row(values: MultiDict[str, str], part: str, url: str) -> None:
    """Put the file into the row it replaces, else into a new one, with the words that were sent beside it."""
    rows = f"{part}s"
    instead = values.get(f"new_{part}_instead", "")
    numbers = sorted({int(name.split("-")[1]) for name in values if name.startswith(f"{rows}-") and _has_number(name)})
    row = next((n for n in numbers if instead and values.get(f"{rows}-{n}-url") == instead), None)
    if row is None:
        row = max(numbers, default=-1) + 1
    values[f"{rows}-{row}-url"] = url
    for name in ("title", "credit", "decorative"):
        if said := values.pop(f"new_{part}_{name}", ""):
            values[f"{rows}-{row}-{name}"] = said
    values.pop(f"new_{part}_instead", None)


def _has_number(name: str) -> bool:
    parts = name.split("-")
    return len(parts) == 3 and parts[1].isdecimal() and len(parts[1]) < 10
