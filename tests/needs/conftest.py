"""The cast of a need: on SQLite, and on each database in turn."""

import pytest
from flask import Flask

from tests.needs.cast import Cast, make_cast


@pytest.fixture
def cast(app: Flask) -> Cast:
    return make_cast(app)


@pytest.fixture
def cast_on(app_on: Flask) -> Cast:
    return make_cast(app_on)
