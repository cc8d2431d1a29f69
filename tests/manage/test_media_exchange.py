"""Files of ours go out under their whole address, and the same record brings them back."""

import json

import pytest
import sqlalchemy as sa

from facilities.catalogue import content
from facilities.catalogue.models import Kind, Listing, Source, SourceRecord
from facilities.db import db
from facilities.exchange.records.exporting import export_records
from facilities.exchange.records.importing import import_records
from facilities.manage.documents import read_document
from facilities.manage.pictures import read_picture
from facilities.manage.uploads import keep_upload, url_of
from tests.listings import add
from tests.manage.uploads import PDF, picture
from tests.vocabulary import add_technique


@pytest.fixture(autouse=True)
def one_technique(app_on):
    """So that an import need not load the whole vocabulary first."""
    add_technique("word", "Word")


def with_files() -> tuple[Listing, dict]:
    image, document = keep_upload(read_picture(picture())), keep_upload(read_document(PDF, "a.pdf"))
    files = {
        "images": [{"url": url_of(image.name), "title": "A room", "credit": "Ada"}, {"url": url_of(image.name)}],
        "documents": [{"url": url_of(document.name), "title": "Prices"}],
        "links": [{"url": "https://example.org/a", "title": "Booking", "credit": "Ada"}],
    }
    return add(Kind.FACILITY, "Lumen", country="SE", **files), files


def exported(path):
    rows = list(export_records())
    path.write_text("\n".join(map(json.dumps, rows)))
    return rows


def test_files_of_ours_are_exported_under_their_whole_address(app_on, tmp_path):
    _listing, files = with_files()

    (row,) = exported(tmp_path / "out.jsonl")

    assert row["images"][0] == {
        "url": f"http://catalogue.test{files['images'][0]['url']}", "alt": "A room", "credit": "Ada",
    }  # fmt: skip
    assert row["documents"] == [{"url": f"http://catalogue.test{files['documents'][0]['url']}", "title": "Prices"}]


def test_the_export_imports_again_without_a_change(app_on, tmp_path):
    listing, files = with_files()
    db.session.add(Source(name="lab"))
    db.session.flush()
    db.session.add(SourceRecord(source="lab", source_id="1", listing=listing, record={}))
    db.session.commit()
    exported(tmp_path / "out.jsonl")
    import_records(tmp_path / "out.jsonl", source="lab")
    exported(tmp_path / "again.jsonl")

    outcome = import_records(tmp_path / "again.jsonl", source="lab")

    assert (outcome.unchanged, outcome.updated, outcome.rejected) == (1, 0, 0)
    assert content.read(db.session.get(Listing, listing.id), tuple(files)) == files


def test_a_record_brings_a_file_of_ours_to_a_new_listing(app_on, tmp_path):
    _listing, files = with_files()
    (row,) = exported(tmp_path / "out.jsonl")
    (tmp_path / "in.jsonl").write_text(json.dumps(row | {"id": "2", "name": "Umbra", "source": "lab"}))

    import_records(tmp_path / "in.jsonl", source="lab")

    umbra = db.session.scalars(sa.select(Listing).where(Listing.name == "Umbra")).one()
    assert content.read(umbra, tuple(files)) == files


def test_a_file_of_another_site_stays_an_address_there(app_on, tmp_path):
    name = "0" * 32 + ".webp"
    row = {"id": "1", "type": "facility", "name": "Umbra", "country": "SE",
           "images": [{"url": f"https://other.example/media/{name}", "alt": "x"}],
           "documents": [{"url": f"http://catalogue.test/media/{'0' * 32}.pdf", "title": "Gone"}]}  # fmt: skip
    (tmp_path / "in.jsonl").write_text(json.dumps(row))

    import_records(tmp_path / "in.jsonl", source="lab")

    listing = db.session.scalars(sa.select(Listing)).one()
    said = content.read(listing, ("images", "documents"))
    assert said["images"][0]["url"] == f"https://other.example/media/{name}"
    assert said["documents"][0]["url"].startswith("http://catalogue.test/media/")
