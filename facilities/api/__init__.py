"""The programming interface: listings as JSON for programs of their owners."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

MOST_IDS = 2**31 - 1


class ListingIdConverter(IntegerConverter):
    """The id of a listing in an address; a number that no database can hold is no id."""

    def __init__(self, map: Map) -> None:  # noqa: A002 (Werkzeug's name)
        super().__init__(map, max=MOST_IDS)


def init_app(app: Flask) -> None:
    """Add the addresses."""
    from facilities.api.views import bp, pages

    app.url_map.converters["listing_id"] = ListingIdConverter
    app.register_blueprint(bp)
    app.register_blueprint(pages)
