"""`flask worker`, the background process that sends letters and lets the index follow, and `flask outbox`, which shows
and retries what waits."""

import signal
from datetime import datetime
from threading import Event

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup

from facilities.db import db, now
from facilities.outbox.acts import give_up, retry
from facilities.outbox.addressed import DEAD, DEFERRED, LETTERS, WAITING, Posted, letters, number_of
from facilities.outbox.models import Job, JobKind, JobStatus, StoredLetter
from facilities.outbox.queries import count_by_status
from facilities.outbox.senders import SENDERS
from facilities.outbox.worker import work, work_once

outbox = AppGroup("outbox", help="Show letters that wait or were given up, and have them tried again.")

DEAD_LETTERS, UNKNOWN = 1, 2
"""Exit codes: there are letters that were given up; no letter that something could be done about."""

SHOWN = 50


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now and stop.")
@click.option("--senders", type=click.IntRange(1, 16), default=SENDERS, show_default=True,
              help="Letters that are sent side by side, each over a connection of its own.")  # fmt: skip
def worker(once: bool, senders: int) -> None:
    """Send letters that are due and bring the index up to date, until stopped."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if once:
        click.echo(f"{work_once(app)} jobs done.")
        return
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: stop.set())
    work(app, stop, sending=senders)


@outbox.command("list")
@click.option("--dead", "which", flag_value="dead", help="Only those that were given up.")
@click.option("--waiting", "which", flag_value="waiting", help="Only those that wait, tried or not.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=SHOWN, show_default=True)
@click.option("--full-addresses", is_flag=True, help="Do not mask the addresses.")
@click.pass_context
def list_(context: click.Context, which: str | None, limit: int, full_addresses: bool) -> None:
    """Letters that were given up, then those that wait, a line each, and the numbers of all.

    Exit code 1 if any were given up.
    """
    asked = {"dead": DEAD, "waiting": WAITING, None: sa.or_(DEAD, WAITING)}[which]
    found = letters(asked, limit=limit)
    for letter in found:
        click.echo("\t".join(_line(letter, full=full_addresses)))
    if (left := number_of(asked) - len(found)) > 0:
        click.echo(f"and {left} more: --limit {len(found) + left}")
    _say_numbers()
    context.exit(DEAD_LETTERS if number_of(DEAD) else 0)


@outbox.command("show")
@click.argument("letter_id", type=int)
@click.pass_context
def show(context: click.Context, letter_id: int) -> None:
    """One letter: where it goes, how often it was tried, and what the mail server said. Exit code 2: none."""
    found = letters(Job.id == letter_id, limit=1)
    if not found:
        click.echo(f"There is no letter {letter_id}.", err=True)
        context.exit(UNKNOWN)
    for name, value in _details(found[0]).items():
        click.echo(f"{name}: {value}")


@outbox.command("retry")
@click.argument("letter_ids", type=int, nargs=-1)
@click.option("--dead", "which", flag_value="dead", help="All that were given up.")
@click.option("--all", "which", flag_value="all", help="All that were given up or are delayed.")
@click.pass_context
def retry_(context: click.Context, letter_ids: tuple[int, ...], which: str | None) -> None:
    """Have letters tried now, with all attempts before them. Exit code 2 if one cannot be."""
    ids = _chosen(letter_ids, which)
    tried = retry(ids, by="the command line")
    _say_what_was_done(context, ids, tried, which, "tried")


@outbox.command("give-up")
@click.argument("letter_ids", type=int, nargs=-1, required=True)
@click.pass_context
def give_up_(context: click.Context, letter_ids: tuple[int, ...]) -> None:
    """Try letters no more and take them off the desk's page. Exit code 2 if one cannot be."""
    done = give_up(letter_ids, by="the command line")
    _say_what_was_done(context, letter_ids, done, None, "given up")


def _chosen(letter_ids: tuple[int, ...], which: str | None) -> tuple[int, ...]:
    """The ids that a command is about. Raises UsageError if it does not say."""
    if bool(letter_ids) == bool(which):
        raise click.UsageError("Name letters by their numbers, or choose --dead or --all.")
    if not which:
        return letter_ids
    asked = DEAD if which == "dead" else sa.or_(DEAD, DEFERRED)
    return tuple(db.session.scalars(sa.select(Job.id).where(Job.kind.in_(LETTERS), asked)))


def _say_what_was_done(
    context: click.Context, ids: tuple[int, ...], done: list[int], which: str | None, what: str
) -> None:
    left = [each for each in ids if each not in done]
    if left and not which:
        click.echo(f"Left as they are: {', '.join(map(str, left))} (not there, done, or due within minutes)", err=True)
    click.echo(f"{what}={len(done)} left={len(left)}".replace("given up", "given_up"))
    context.exit(UNKNOWN if left and not which else 0)


def _line(letter: Posted, *, full: bool) -> tuple[str, ...]:
    when = "given up" if letter.dead else f"next {_moment(letter.due_at)}"
    to = letter.address if full else masked(letter.address)
    return (
        str(letter.job_id), letter.status, letter.kind, to, letter.subject or letter.listing_name,
        f"{letter.attempts} tried", when, letter.error,
    )  # fmt: skip


def _details(letter: Posted) -> dict[str, object]:
    job = db.session.get_one(Job, letter.job_id)
    stored = db.session.get(StoredLetter, job.subject_id) if job.kind == JobKind.LETTER else None
    about = {"thread": letter.thread_id, "listing": letter.listing_name, "role": letter.role}
    return {
        "letter": letter.job_id,
        "kind": letter.kind if stored is None else f"{letter.kind} {stored.name}",
        "to": letter.address,
        "subject": letter.subject,
        **{name: value for name, value in about.items() if value},
        "status": letter.status,
        "written": _moment(letter.created_at),
        "attempts": letter.attempts,
        "next_try": _moment(letter.due_at) if letter.status == JobStatus.WAITING else "",
        "done": _moment(letter.done_at) if letter.done_at else "",
        "server_said": letter.error,
    }


def _say_numbers() -> None:
    """One line for programs: letters by status, due now and delayed, and for how many seconds the oldest has waited."""
    counts = count_by_status()
    by_status = {status: sum(counts.get((kind, status), 0) for kind in LETTERS) for status in JobStatus}
    oldest = db.session.scalar(sa.select(sa.func.min(Job.created_at)).where(WAITING, Job.kind.in_(LETTERS)))
    numbers = {
        **{status.value: number for status, number in by_status.items()},
        "due": number_of(WAITING, Job.due_at <= now()),
        "deferred": number_of(DEFERRED),
        "oldest_seconds": int((now() - oldest).total_seconds()) if oldest else 0,
    }
    click.echo(" ".join(f"{name}={number}" for name, number in numbers.items()))


def masked(address: str) -> str:
    """An address that can stand in a log: its first letter and its domain."""
    mailbox, at, domain = address.rpartition("@")
    return f"{mailbox[:1]}…{at}{domain}" if at else address


def _moment(value: datetime) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}"
