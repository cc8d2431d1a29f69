"""The application as a web server loads it; `flask --app wsgi` for commands."""

import click

from facilities import create_app
from facilities.search.warming import warm_up

app = create_app()

if click.get_current_context(silent=True) is None:
    warm_up(app)
