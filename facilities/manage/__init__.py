"""The owners' pages: edit, confirm, team, imports."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add the pages."""
    from facilities.manage import models  # noqa: F401 (its tables)
    from facilities.manage.views import bp
    from facilities.manage.views.confirm import confirm
    from facilities.manage.views.files import files

    app.register_blueprint(bp)
    app.register_blueprint(files)
    app.register_blueprint(confirm)
