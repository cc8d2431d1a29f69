"""Static files carry the hash of their content."""

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
