"""Static files carry the hash of their content."""

import gzip
from pathlib import Path

from flask import Flask, url_for
from flask.testing import FlaskClient

from facilities.static_files import addresses


def test_address_changes_with_the_content(tmp_path: Path) -> None:
    asset = addresses(tmp_path, "/static", keep=False)
    (tmp_path / "a.css").write_text("a{}")
    before = asset("a.css")
    (tmp_path / "a.css").write_text("b{}")

    assert before.startswith("/static/a.css?v=")
    assert asset("a.css") != before


def test_content_is_read_once_per_process(tmp_path: Path) -> None:
    asset = addresses(tmp_path, "/static", keep=True)
    (tmp_path / "a.css").write_text("a{}")
    before = asset("a.css")
    (tmp_path / "a.css").write_text("b{}")

    assert asset("a.css") == before


def test_missing_file_keeps_its_plain_address(tmp_path: Path) -> None:
    assert addresses(tmp_path, "/static", keep=False)("none.css") == "/static/none.css"


def test_pages_and_url_for_name_the_same_version(app: Flask, client: FlaskClient) -> None:
    page = client.get("/").text
    with app.test_request_context("/"):
        address = url_for("static", filename="site.css")

    assert "?v=" in address
    assert f'href="{address}"' in page
    with client.get(address) as answer:
        assert answer.headers["Cache-Control"].endswith("max-age=31536000")


def test_texts_are_packed_for_browsers_that_take_them_and_kept_by_their_tag(client: FlaskClient) -> None:
    packs = {"Accept-Encoding": "gzip"}
    with client.get("/static/site.css", headers=packs) as packed, client.get("/static/site.css") as plain:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert all("Accept-Encoding" in each.headers["Vary"] for each in (packed, plain))
        tag = packed.headers["ETag"]
    with client.get("/static/site.css", headers=packs | {"If-None-Match": tag}) as again:
        assert again.status_code == 304
    with client.get("/static/favicon.ico", headers=packs) as picture:
        assert "Content-Encoding" not in picture.headers
