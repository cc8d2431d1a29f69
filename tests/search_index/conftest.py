"""An empty index on disk for each test."""

from pathlib import Path

import pytest

from search_index import Index


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path / "index")
