"""Accounts: how people sign in, who they are, what they may do."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Attach sign-in, the account's pages and what every page knows about the user."""
    from facilities.accounts import asking, kept, library, sessions
    from facilities.accounts.views import bp

    library.init_app(app)
    app.register_blueprint(bp)
    for part in (sessions, kept, asking):
        part.init_app(app)
