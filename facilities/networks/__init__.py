"""Networks of organisations: clusters, associations and projects with their members, hubs and desks."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Attach the pages, the words that frames need, and the host names of networks."""
    from facilities.networks import hosts, moved, staying
    from facilities.networks.members import memberships_shown
    from facilities.networks.scope import entered
    from facilities.networks.views import blueprints
    from facilities.networks.words import desk_address, has_networks, said_in, search_address, suggest_address

    hosts.init_app(app)
    moved.init_app(app)
    staying.init_app(app)
    for word in (desk_address, has_networks, memberships_shown, search_address, staying.staying, suggest_address):
        app.add_template_global(word)
    app.add_template_global(entered, "entered_network")
    app.add_template_filter(said_in)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
