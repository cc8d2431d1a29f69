"""What the catalogue tells about a region: the map of all actors, facts, and where instruments are."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Attach the pages."""
    from facilities.insight.density.views import bp as density
    from facilities.insight.facts.views import bp as facts
    from facilities.insight.map import sharing
    from facilities.insight.map import views as the_map
    from facilities.insight.others.views import bp as others
    from facilities.insight.places.views import bp as places
    from facilities.insight.roles import merged
    from facilities.insight.roles.views import bp as roles
    from facilities.insight.whom.views import bp as whom

    app.register_blueprint(facts)
    app.register_blueprint(density)
    app.register_blueprint(others)
    app.register_blueprint(places)
    app.register_blueprint(roles)
    app.register_blueprint(whom)
    app.register_blueprint(the_map.bp)
    app.register_blueprint(sharing.bp)
    merged.init_app(app)
