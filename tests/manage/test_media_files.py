"""What is taken, as what, and how it is stored and served."""

import os
import struct
import zlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import ExifTags, Image, ImageCms

from facilities.catalogue.models import Kind
from facilities.db import db, now
from facilities.manage.documents import read_document
from facilities.manage.models import Upload
from facilities.manage.pictures import read_picture
from facilities.manage.uploads import (
    CannotUse,
    file_of,
    files_at,
    forget_unused_uploads,
    keep_upload,
    sweep_uploads,
    url_of,
)
from facilities.moderation.proposals import propose_changes
from tests.listings import add
from tests.manage.uploads import PDF, office, open_document, packed, picture


def decoded(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_becomes_webp_in_two_sizes(kind):
    checked = read_picture(picture(kind, (3200, 1600)))

    assert (checked.extension, checked.media_type) == ("webp", "image/webp")
    assert decoded(checked.data).format == decoded(checked.small).format == "WEBP"
    assert decoded(checked.data).size == (checked.width, checked.height) == (1600, 800)
    assert decoded(checked.small).size == (640, 320)


def test_a_small_picture_is_not_made_larger():
    assert decoded(read_picture(picture(size=(300, 100))).data).size == (300, 100)


def test_a_picture_is_turned_upright_and_loses_what_the_camera_added():
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Model] = "Camera of Ada Berg"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (59.0, 51.0, 31.0)
    sent = picture("JPEG", (400, 200), exif=exif, comment=b"Ada Berg", xmp=b"<x:xmpmeta>Ada Berg</x:xmpmeta>")
    assert b"Ada Berg" in sent

    checked = read_picture(sent)

    assert decoded(checked.data).size == (200, 400)
    for data in (checked.data, checked.small):
        assert b"Ada Berg" not in data and not any(mark in data for mark in (b"EXIF", b"XMP ", b"ICCP"))
        assert not decoded(data).getexif()


def test_colours_of_another_profile_are_brought_to_srgb():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    checked = read_picture(picture("PNG", icc_profile=lab, colour=(200, 30, 30)))

    red, green, _blue = decoded(checked.data).convert("RGB").getpixel((5, 5))
    assert red > 180 and green < 60
    assert "icc_profile" not in decoded(checked.data).info


def test_transparency_stays():
    file = BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(file, "PNG")

    assert decoded(read_picture(file.getvalue()).data).getpixel((9, 9))[3] == 0


def test_sixteen_bits_of_grey_keep_their_shades():
    file = BytesIO()
    Image.new("I;16", (50, 50), 30_000).save(file, "PNG")

    assert decoded(read_picture(file.getvalue()).data).getpixel((9, 9))[0] in range(112, 123)


def png_that_claims(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (header, b"IDAT" + zlib.compress(b"\0" * 1000))
    chunks = (struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"", "empty"),
        (b"not a picture", "JPEG, PNG"),
        (PDF, "JPEG, PNG"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (png_that_claims(60_000, 60_000), "million pixels"),
        (picture("PNG")[:60], "JPEG, PNG"),
        (picture("BMP"), "JPEG, PNG"),
        (picture("TIFF"), "JPEG, PNG"),
        (b"\x89PNG" + b"\0" * (20 * 1024 * 1024), "20 MB"),
    ],
    ids=["empty", "words", "pdf", "svg", "heic", "bomb", "cut off", "bmp", "tiff", "large"],
)
def test_a_picture_that_cannot_be_used_is_refused_with_advice(app, data, advice):
    with pytest.raises(CannotUse, match=advice):
        read_picture(data)


@pytest.mark.parametrize(
    ("data", "name", "extension"),
    [
        (PDF, "prices.pdf", "pdf"),
        (PDF, "prices.exe", "pdf"),
        (office("docx"), "a.docx", "docx"),
        (office("xlsx"), "a.xlsx", "xlsx"),
        (office("pptx"), "a.zip", "pptx"),
        (open_document("odt"), "a.odt", "odt"),
        (open_document("ods"), "a.ods", "ods"),
        ("namn;pris\nÅ;1\n".encode("cp1252"), "a.csv", "csv"),
        ("namn;pris\nÅ;1\n".encode("utf-16"), "a.csv", "csv"),
        ("Terms of use: åäö\n".encode(), "A.TXT", "txt"),
    ],
)
def test_a_document_is_known_by_what_is_in_it(app, data, name, extension):
    assert read_document(data, name).extension == extension


@pytest.mark.parametrize(
    ("data", "name", "advice"),
    [
        (b"", "a.pdf", "empty"),
        (b"<html><script>alert(1)</script>", "a.pdf", "none of these"),
        (b"<html><script>alert(1)</script>", "a.txt", "none of these"),
        (b"\n<?xml version='1.0'?><svg/>", "a.csv", "none of these"),
        (b"#!/bin/sh\nrm", "a.txt", "none of these"),
        (b"MZ\x90\0\x03\0\0\0", "a.txt", "none of these"),
        (b"plain words", "a.pdf", "none of these"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "older Office"),
        (office("docx", {"word/vbaProject.bin": b"x"}), "a.docx", "without macros"),
        (office("xlsx", {"xl/VBAPROJECT.BIN": b"x"}), "a.xlsx", "without macros"),
        (office("xlsx", {"xl/macrosheets/sheet1.xml": b"x"}), "a.xlsx", "without macros"),
        (office("docx", types="application/vnd.ms-word.document.macroEnabled.main+xml"), "a.docx", "without macros"),
        (open_document("odt", {"Basic/Standard/Module1.xml": "x"}), "a.odt", "without macros"),
        (packed({"run.exe": b"MZ"}), "a.docx", "none of these"),
        (packed({"word/document.xml": "<x/>"}), "a.docx", "none of these"),
        (office("docx")[:80], "a.docx", "damaged"),
        (packed({f"word/{i}": "" for i in range(5001)}), "a.docx", "too many parts"),
    ],
)
def test_a_document_that_cannot_be_used_is_refused_with_advice(app, data, name, advice):
    with pytest.raises(CannotUse, match=advice):
        read_document(data, name)


def test_a_packed_bomb_in_a_document_stays_packed(app):
    bomb = office("docx", {"word/media/image1.png": b"\0" * 50_000_000})

    assert read_document(bomb, "a.docx").extension == "docx"


def test_a_file_is_stored_once_readable_by_the_site_alone(app_on):
    checked = read_picture(picture())
    first, again = keep_upload(checked, original_name="lab.png"), keep_upload(checked, original_name="copy.png")
    db.session.commit()

    path = file_of(first.name)
    assert again.id == first.id and db.session.scalar(sa.select(sa.func.count(Upload.id))) == 1
    assert path.read_bytes() == checked.data and path.stat().st_mode & 0o777 == 0o600
    assert path.parent.name == first.name[:2] and path.parent.stat().st_mode & 0o777 == 0o700
    assert {each.name for each in path.parent.iterdir()} == {path.name, path.name.replace(".webp", ".small.webp")}
    assert files_at([url_of(first.name), "https://example.org/a.png"])[url_of(first.name)].width == 80


def test_two_at_once_who_send_the_same_file_share_it(app_on):
    checked = read_document(PDF, "a.pdf")
    with db.sessionmaker() as other:
        keep_upload(checked)
        db.session.commit()
        assert other.scalar(sa.select(Upload.name)) == checked.name
    assert keep_upload(checked).name == checked.name


def test_a_picture_is_shown_and_kept_by_browsers(app, client):
    name = keep_upload(read_picture(picture())).name
    db.session.commit()

    for address in (name, name.replace(".webp", ".small.webp")):
        with client.get(f"/media/{address}") as answer:
            assert answer.status_code == 200 and answer.mimetype == "image/webp"
            assert decoded(answer.data).size == (80, 40)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert {"public", "immutable", "max-age=31536000"} <= set(answer.headers["Cache-Control"].split(", "))
            assert "attachment" not in answer.headers.get("Content-Disposition", "")
        with client.get(f"/media/{address}", headers={"If-None-Match": answer.headers["ETag"]}) as again:
            assert again.status_code == 304


def test_a_document_is_downloaded_under_the_name_it_was_sent_with(app, client):
    name = keep_upload(read_document(PDF, "x.pdf"), original_name='Prislista "2026" å.exe').name
    db.session.commit()

    with client.get(f"/media/{name}") as answer:
        assert answer.status_code == 200 and answer.data == PDF and answer.mimetype == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert "2026" in answer.headers["Content-Disposition"] and ".exe" not in answer.headers["Content-Disposition"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name",
    ["../catalogue.sqlite", "..%2f..%2fsecret_key", "0" * 32 + ".webp", "secret_key", "0" * 32 + ".svg", "%00", "a/b"],
)
def test_nothing_else_can_be_read_there(app, client, name):
    keep_upload(read_document(PDF, "x.pdf"))
    db.session.commit()

    assert client.get(f"/media/{name}").status_code in (404, 308)


def images(listing, *uploads):
    fields = [{"url": url_of(upload.name), "title": "A room"} for upload in uploads]
    return {"images": fields}


def test_files_that_nothing_shows_any_more_are_forgotten_after_a_year(app_on):
    shown, proposed, dropped, young = (
        keep_upload(read_picture(picture(colour=colour))) for colour in ("red", "green", "blue", "white")
    )
    listing = add(Kind.FACILITY, "Lumen", **images(None, shown))
    propose_changes(listing, images(listing, proposed), by="Ada")
    long_ago = now() - timedelta(days=2)
    for upload in (shown, proposed, dropped):
        upload.uploaded_at = long_ago
        for path in (file_of(upload.name), file_of(upload.name.replace(".webp", ".small.webp"))):
            os.utime(path, (long_ago.timestamp(), long_ago.timestamp()))
    stray = file_of(shown.name).with_name("f" * 32 + ".pdf")
    stray.write_bytes(PDF)
    os.utime(stray, (long_ago.timestamp(), long_ago.timestamp()))
    db.session.commit()

    assert forget_unused_uploads() == 1

    assert all(file_of(upload.name) for upload in (shown, proposed, young))
    assert file_of(dropped.name) is None and not stray.exists()
    assert not list(Path(file_of(shown.name).parents[1]).glob(f"??/{dropped.name[:32]}*"))
    assert db.session.scalar(sa.select(sa.func.count(Upload.id))) == 3


@pytest.mark.parametrize(("days_ago", "swept"), [(None, True), (6, False), (8, True)])
def test_files_are_swept_once_a_week(app, days_ago, swept):
    upload = keep_upload(read_picture(picture()))
    upload.uploaded_at = now() - timedelta(days=2)
    db.session.commit()
    if days_ago:
        stamp = file_of(upload.name).parents[1] / ".swept"
        stamp.touch()
        os.utime(stamp, ((now() - timedelta(days=days_ago)).timestamp(),) * 2)

    assert sweep_uploads() == swept
    assert bool(db.session.scalar(sa.select(Upload))) is not swept


def test_the_file_of_an_earlier_version_is_kept_for_a_year(app_on):
    from facilities.catalogue.actions import update_listing

    upload = keep_upload(read_picture(picture()))
    upload.uploaded_at = now() - timedelta(days=3)
    listing = add(Kind.FACILITY, "Lumen", **images(None, upload))
    update_listing(listing, {"images": []}, by="Ada")

    assert forget_unused_uploads() == 0
    assert forget_unused_uploads(at=now() + timedelta(days=366)) == 1
