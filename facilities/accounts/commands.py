"""`flask --app wsgi users`: the first administrator, and who has an account."""

import sys

import click
import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from flask import current_app

from facilities.accounts.invitations import invite, path_of, set_password
from facilities.accounts.models import SiteRole, User
from facilities.accounts.passwords import judge
from facilities.db import db, now, writing

ROLES = {"member": SiteRole.MEMBER, "moderator": SiteRole.MODERATOR, "admin": SiteRole.ADMINISTRATOR}


@click.group()
def users() -> None:
    """People with an account."""


@users.command()
@click.argument("email")
@click.option("--role", type=click.Choice(list(ROLES)), default="member", help="What they may do on the whole site.")
@click.option("--name", default="", help="What colleagues and the history of listings call them.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--invite", "by_letter", is_flag=True, help="Mail an invitation even if a password could be asked for.")
def create(email: str, role: str, name: str, password_stdin: bool, by_letter: bool) -> None:
    """Make an account, or give an existing one the role. Without a password an invitation is mailed."""
    email = _address(email)
    writing()
    user = db.session.scalar(sa.select(User).where(sa.func.lower(User.email) == email.lower()))
    if user is not None and user.confirmed_at:
        _give_role(user, ROLES[role])
    elif password_stdin or (sys.stdin.isatty() and not by_letter):
        _create(user or User(), email, name, ROLES[role], _password(email, name, asked=not password_stdin))
    else:
        _invite(email, ROLES[role])


@users.command("list")
def list_users() -> None:
    """All accounts: address, name, role, when made; those that were never confirmed are marked."""
    for user in db.session.scalars(sa.select(User).order_by(User.email)):
        state = "" if user.confirmed_at and user.active else " (closed)" if not user.active else " (not confirmed)"
        click.echo(f"{user.email}\t{user.name}\t{user.site_role}\t{user.created_at:%Y-%m-%d}{state}")


def first_steps() -> str:
    """What to do while nobody may administer the site; empty once somebody may."""
    administrators = sa.select(User.id).where(User.site_role == SiteRole.ADMINISTRATOR).limit(1)
    if db.session.scalar(administrators) is not None:
        return ""
    return (
        "Nobody may administer the site yet. Run: .venv/bin/flask --app wsgi users create you@example.org --role admin"
    )


def _address(text: str) -> str:
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise click.BadParameter(f"{text} is not a mail address: {error}") from error
    return str(found.normalized)


def _password(email: str, name: str, *, asked: bool) -> str:
    """The password, judged like any other. Raises click.ClickException."""
    typed = click.prompt("Password", hide_input=True, confirmation_prompt=True) if asked else sys.stdin.readline()
    password = str(typed).rstrip("\r\n")
    problem = judge(password, [email, name])
    if problem:
        raise click.ClickException(problem)
    return password


def _create(user: User, email: str, name: str, role: SiteRole, password: str) -> None:
    user.email, user.name, user.site_role, user.confirmed_at = email, name, role, now()
    user.locale = current_app.config["DEFAULT_LOCALE"]
    set_password(user, password)
    db.session.add(user)
    db.session.commit()
    click.echo(f"{email} can sign in at {current_app.config['SITE_URL']}/sign-in as {role}.")


def _give_role(user: User, role: SiteRole) -> None:
    user.site_role = role
    db.session.commit()
    click.echo(f"{user.email} has an account already and is {role} from now on.")


def _invite(email: str, role: SiteRole) -> None:
    invitation = invite(email, by=None, site_role=role)
    click.echo(f"An invitation is on its way to {email}. This link does the same, once, within 14 days:")
    click.echo(f"{current_app.config['SITE_URL']}{path_of(invitation)}")
