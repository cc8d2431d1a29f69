"""Searching the catalogue: the query, the index that follows the database, the results in all their forms."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Attach the index, the results page, the JSON search, suggestions, the log and saved searches."""
    from facilities.search import file_views, index, log, suggest_views, views
    from facilities.search.saved import views as saved

    index.init_app(app)
    log.init_app(app)
    app.register_blueprint(views.bp)
    app.register_blueprint(file_views.bp)
    app.register_blueprint(views.api)
    app.register_blueprint(suggest_views.bp)
    app.register_blueprint(saved.bp)
