"""The desk: queues, decisions, claims, reports, duplicates."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add the pages."""
    from facilities.moderation import models  # noqa: F401 (its tables)
    from facilities.moderation.views import bp

    app.register_blueprint(bp)
