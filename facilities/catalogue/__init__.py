"""Listings of organisations, facilities, instruments and services, and their public pages."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Attach the catalogue's pages."""
    from facilities.catalogue.views import bp

    app.register_blueprint(bp)
