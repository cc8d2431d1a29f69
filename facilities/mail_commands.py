"""`flask mail`: letters that come in, handed over by a mail server or fetched from a mailbox."""

import logging
import os
import sys

import click
from flask.cli import AppGroup

from facilities.enquiries.incoming.imap import fetch_mail
from facilities.enquiries.incoming.received import LARGEST
from facilities.enquiries.incoming.receiving import receive

log = logging.getLogger(__name__)

mail = AppGroup("mail", help="Letters that come in.")


@mail.command("receive")
@click.option("--to", "handed_to", default="", help="The address that the letter was delivered to.")
def receive_letter(handed_to: str) -> None:
    """File the letter on standard input into its thread. The exit code tells the mail server what to do with it:
    0 filed, 65 and 67 give it back (unreadable, no such address), 75 try again later."""
    try:
        outcome = receive(sys.stdin.buffer.read(LARGEST + 1), handed_to=handed_to)
    except Exception:  # whatever it was, the mail server has to keep the letter and bring it again
        log.exception("a letter could not be filed")
        click.echo("It could not be filed now; try again later.", err=True)
        sys.exit(os.EX_TEMPFAIL)
    click.echo(str(outcome), err=outcome.code != os.EX_OK)
    sys.exit(outcome.code)


@mail.command("fetch")
def fetch() -> None:
    """Fetch the letters of the mailbox of IMAP_URL once and file them."""
    try:
        click.echo(f"{fetch_mail()} letters taken from the mailbox.")
    except Exception as problem:  # of the network, the server or the database: the operator is told in one line
        log.exception("the mailbox could not be looked into")
        raise click.ClickException(f"The mailbox of IMAP_URL could not be looked into: {problem}") from problem
