"""The application as a web server loads it; `flask --app wsgi` for commands."""

import gc

import click

gc.disable()  # nothing that is loaded is garbage, and looking for some takes a quarter of the start
try:
    from facilities import create_app
    from facilities.search.warming import warm_up

    app = create_app()
finally:
    gc.freeze()  # nor is it looked through later
    gc.enable()

if click.get_current_context(silent=True) is None:
    warm_up(app)
