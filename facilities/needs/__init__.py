"""Public needs: what member organisations look for, with an end date, matched with what the catalogue holds."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Attach the pages."""
    from facilities.needs.views import bp

    app.register_blueprint(bp)
