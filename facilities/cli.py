"""The commands of the application. Each part's commands are thin: they call the part's actions and print."""

from pathlib import Path

import click
from flask import Flask, current_app

from facilities.accounts.commands import first_steps, users
from facilities.catalogue.commands import catalogue, follow_import
from facilities.db import alembic
from facilities.exchange.demo import load_demo
from facilities.outbox.commands import worker
from facilities.search.commands import rebuild, search


def init_app(app: Flask) -> None:
    """Add the commands."""
    for command in (catalogue, search, worker, users, prepare):
        app.cli.add_command(command)


@click.command()
@click.pass_context
def prepare(context: click.Context) -> None:
    """Make ready to serve: new migrations, at the first run the demo catalogue, and an index that is whole."""
    alembic.upgrade()
    marker = Path(current_app.config["INSTANCE_PATH"]) / "demo-loaded"
    if not marker.exists():
        click.echo("Loading the demo catalogue ...")
        outcome = load_demo()
        follow_import(outcome, quiet=True)
        click.echo(str(outcome))
        marker.touch()
    context.invoke(rebuild, if_needed=True)
    click.echo(f"Letters are {_letters()}. The site is at {current_app.config['SITE_URL']}")
    if steps := first_steps():
        click.echo(steps)


def _letters() -> str:
    if current_app.config["SMTP_URL"]:
        return "sent by the server of SMTP_URL"
    return f"written to {current_app.config['INSTANCE_PATH'] / 'mail'} until SMTP_URL is set"
