"""What the tests of search share."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import running_app


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory, demo_files: Path) -> Iterator[Flask]:
    """An application with the whole demo catalogue, only read by these tests."""
    with running_app(copytree(demo_files, tmp_path_factory.mktemp("demo"), dirs_exist_ok=True)) as app:
        yield app


@pytest.fixture
def visitor(demo: Flask) -> FlaskClient:
    return demo.test_client()
