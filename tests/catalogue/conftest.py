"""The cast of the listing pages; tests with another one name their own."""

import pytest
from flask import Flask

from tests.catalogue.listing_cast import Cast


@pytest.fixture
def cast(app: Flask) -> Cast:
    return Cast()
