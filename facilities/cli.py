"""The commands of the application. Each part's commands are thin: they call the part's actions and print."""

from pathlib import Path

import click
from flask import Flask, current_app

from facilities.accounts.commands import first_steps, users
from facilities.catalogue.commands import catalogue, follow_import
from facilities.exchange.demo import load_demo
from facilities.mail_commands import mail
from facilities.outbox.commands import outbox, worker
from facilities.search.commands import rebuild, search
from facilities.translating import compile_changed
from facilities.translation_commands import translations


def init_app(app: Flask) -> None:
    """Add the commands."""
    migrating = Migrating("db", help="Perform database migrations.")
    for command in (catalogue, search, worker, outbox, mail, users, translations, prepare, migrating):
        app.cli.add_command(command)


class Migrating(click.Group):
    """Commands of Flask-Alembic. Alembic is loaded when one is wanted: it takes 11 MB, and web processes need none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names."""
        from flask_alembic.cli import cli

        return cli.list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command of Flask-Alembic."""
        from flask_alembic.cli import cli

        from facilities.migrating import migrations

        ctx.obj = migrations()
        return cli.get_command(ctx, cmd_name)


@click.command()
@click.pass_context
def prepare(context: click.Context) -> None:
    """Make ready to serve: translations, migrations, at the first run the demo catalogue, an index that is whole."""
    from facilities.migrating import migrations

    compile_changed()
    migrations().upgrade()
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
