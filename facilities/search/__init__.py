"""Searching the catalogue: the query, the index that follows the database, the results page and its JSON."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Attach the index, the results page and the JSON search."""
    from facilities.search import index, views

    index.init_app(app)
    app.register_blueprint(views.bp)
    app.register_blueprint(views.api)
