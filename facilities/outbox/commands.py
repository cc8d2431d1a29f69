"""`flask worker`: the background process that sends letters and lets the index follow."""

import signal
from threading import Event

import click
from flask import current_app

from facilities.outbox.worker import work, work_once


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now and stop.")
def worker(once: bool) -> None:
    """Send letters that are due and bring the index up to date, until stopped."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if once:
        click.echo(f"{work_once(app)} jobs done.")
        return
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: stop.set())
    work(app, stop)
