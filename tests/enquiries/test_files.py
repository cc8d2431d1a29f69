"""Files with an enquiry: which are taken, where they are kept, what comes back with them."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from werkzeug.datastructures import FileStorage

from facilities.db import db
from facilities.enquiries.files import LARGEST_OF_ENQUIRY, path_of
from facilities.enquiries.models import Enquiry, EnquiryFile
from tests.enquiry_cast import Catalogue, Visitor, errors_on

PDF = b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
MEGABYTE = 1024 * 1024


def file(name: str, data: bytes = PDF) -> FileStorage:
    return FileStorage(BytesIO(data), filename=name)


def photo() -> bytes:
    """A JPEG that says where and with what it was taken."""
    exif = Image.Exif()
    exif[0x0110] = "Secret Camera 3"
    data = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(data, "JPEG", exif=exif)
    return data.getvalue()


def stored(visitor: Visitor, token: str) -> list[tuple[EnquiryFile, bytes]]:
    with visitor.app.app_context():
        enquiry = db.session.scalars(sa.select(Enquiry).where(Enquiry.token == token)).one()
        return [(each, path_of(each).read_bytes()) for each in enquiry.files]


def on_disk(visitor: Visitor) -> list[Path]:
    folder = Path(visitor.app.config["INSTANCE_PATH"]) / "enquiries"
    return list(folder.iterdir()) if folder.exists() else []


def test_files_are_kept_with_the_enquiry(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope, files=[file("plan.pdf"), file("wells.csv", b"a,b\n1,2\n")])
    assert [(each.name, data) for each, data in stored(visitor, token)] == [
        ("plan.pdf", PDF),
        ("wells.csv", b"a,b\n1,2\n"),
    ]


def test_a_photo_is_written_anew_without_what_its_camera_noted(visitor: Visitor, catalogue: Catalogue) -> None:
    assert b"Secret Camera 3" in photo()
    ((kept, data),) = stored(visitor, visitor.sent(catalogue.microscope, files=[file("gel.jpg", photo())]))
    assert (kept.name, kept.media_type) == ("gel.webp", "image/webp")
    assert b"Secret Camera" not in data
    with Image.open(BytesIO(data)) as picture:
        assert picture.size == (40, 30)


def test_files_lie_where_only_the_site_reads_them_under_names_that_tell_nothing(
    visitor: Visitor, catalogue: Catalogue
) -> None:
    visitor.sent(catalogue.microscope, files=[file("../../secret plan.pdf")])
    (path,) = on_disk(visitor)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert "plan" not in path.name


def packed(name: str) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as folder:
        folder.writestr(name, "x")
    return data.getvalue()


REFUSED: dict[str, tuple[str, bytes]] = {
    "a program": ("notes.txt", b"#!/bin/sh\nrm -rf /\n"),
    "a program of Windows": ("tool.pdf", b"MZ\x90\x00\x03\x00\x00\x00"),
    "a page": ("table.csv", b"<!doctype html><script>alert(1)</script>"),
    "a drawing with a program": ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
    "a packed folder": ("all.docx", packed("run.exe")),
    "an empty file": ("empty.pdf", b""),
    "no picture": ("gel.png", b"\x89PNG\r\n\x1a\n and no more"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_could_do_harm_or_cannot_be_read_is_refused_by_name(
    visitor: Visitor, catalogue: Catalogue, what: str
) -> None:
    name, data = REFUSED[what]
    response = visitor.send(catalogue.microscope, files=[file(name, data)], message="Typed at length.")
    assert response.status_code == 422
    (error,) = errors_on(response)
    assert error.startswith(f"Files: {name}: ")
    assert "Typed at length." in response.text
    assert "Choose your files again" in response.text
    assert on_disk(visitor) == []
    assert visitor.count(Enquiry) == 0


TOO_MUCH: dict[str, tuple[dict[str, Any], str]] = {
    "six files": ({"files": [("a.pdf", PDF)] * 6}, "Files: choose at most five files."),
    "six in two fields": (
        {"files": [("a.pdf", PDF)] * 4, "withheld_files": [("b.pdf", PDF)] * 2, "level": "terms", "details": "x"},
        "Confidential files: choose at most five files.",
    ),
    "a large one": (
        {"files": [("a.pdf", PDF + b"0" * 10 * MEGABYTE)]},
        "Files: a.pdf: choose a smaller file: each may have 10 MB.",
    ),
    "too large together": (
        {"files": [("a.txt", b"0" * 7 * MEGABYTE)] * 3},
        "Files: choose fewer or smaller files: together they may have 20 MB.",
    ),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_too_many_or_too_large_files_are_refused_with_the_limit(
    visitor: Visitor, catalogue: Catalogue, what: str
) -> None:
    fields, error = TOO_MUCH[what]
    sent = {key: [file(*each) for each in value] if "files" in key else value for key, value in fields.items()}
    response = visitor.send(catalogue.microscope, **sent)
    response.request.environ["wsgi.input"].close()  # the test client keeps a large body in a file
    assert (response.status_code, errors_on(response)) == (422, [error])


def test_another_mistake_keeps_what_was_typed_and_says_to_choose_files_again(
    visitor: Visitor, catalogue: Catalogue
) -> None:
    response = visitor.send(catalogue.microscope, files=[file("plan.pdf")], name="", message="Typed at length.")
    assert response.status_code == 422
    assert "Typed at length." in response.text
    assert "Choose your files again" in response.text
    assert on_disk(visitor) == []
    assert "Choose your files again" not in visitor.send(catalogue.microscope, name="").text


def test_the_same_form_sent_twice_keeps_its_files_once(visitor: Visitor, catalogue: Catalogue) -> None:
    form = visitor.form(catalogue.microscope)
    answers = [visitor.post("/enquiries/new", form | {"files": [file("plan.pdf")]}) for _time in range(2)]
    assert answers[0].location == answers[1].location
    assert len(on_disk(visitor)) == visitor.count(EnquiryFile) == 1


def test_another_file_with_the_same_words_is_another_enquiry(visitor: Visitor, catalogue: Catalogue) -> None:
    first = visitor.sent(catalogue.microscope, files=[file("plan.pdf")])
    assert visitor.sent(catalogue.microscope, files=[file("other.pdf")]) != first


def test_files_go_again_if_the_enquiry_cannot_be_stored(visitor: Visitor, catalogue: Catalogue) -> None:
    with visitor.app.app_context():
        db.session.execute(sa.text("CREATE TRIGGER full BEFORE INSERT ON enquiries "
                                   "BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"))  # fmt: skip
        db.session.commit()
    with pytest.raises(sa.exc.DatabaseError):
        visitor.send(catalogue.microscope, files=[file("plan.pdf")])
    assert on_disk(visitor) == []
    assert visitor.count(Enquiry) == 0


def test_an_enquiry_with_many_files_takes_words_but_no_more_files(visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope, files=[file("plan.pdf")])
    with visitor.app.app_context():
        db.session.execute(sa.update(EnquiryFile).values(size=LARGEST_OF_ENQUIRY))
        db.session.commit()
    thread = visitor.enquiry(token).threads[0]
    for path in (f"/enquiries/{token}/threads/{thread.id}", visitor.enquiry(token).recipients[0].path):
        named = f"thread-{thread.id}-" if "/threads/" in path else ""
        typed = {f"{named}body": "Typed at length.", "act": "answer"}
        response = visitor.post(path, typed | {f"{named}files": [file("more.pdf")]})
        assert response.status_code == 422
        assert "All files of an enquiry may have 100 MB together" in response.text
        assert "Typed at length." in response.text
        assert len(on_disk(visitor)) == 1
        assert visitor.post(path, typed).status_code == 303
