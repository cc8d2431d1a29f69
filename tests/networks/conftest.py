"""The cast of the tests of networks, and clients of its people."""

import pytest
from flask import Flask

from tests.networks.casting import Cast, cast


@pytest.fixture
def north(app: Flask) -> Cast:
    """The whole cast, called after its first network."""
    return cast()
