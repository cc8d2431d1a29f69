"""Enquiries: from the form to the letters that reach a listing's contacts."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Attach the enquiry pages."""
    from facilities.enquiries.views import bp

    app.register_blueprint(bp)
