"""`flask catalogue import | export | demo | vocabulary | withdraw | publish`."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from facilities.catalogue.actions import publish_listing, withdraw_listing
from facilities.catalogue.models import Listing
from facilities.catalogue.queries.techniques import listings_with
from facilities.catalogue.vocabulary import load_vocabulary
from facilities.catalogue.vocabulary.exporting import export_vocabulary
from facilities.catalogue.vocabulary.loading import FILES
from facilities.db import db, writing
from facilities.exchange.demo import load_demo, remove_demo
from facilities.exchange.problems import Problem, Unreadable
from facilities.exchange.records.exporting import export_records
from facilities.exchange.records.importing import OnError, Outcome, import_records
from facilities.exchange.records.reading import Row
from facilities.search import index as indexing

catalogue = AppGroup("catalogue", help="Import, export and change the catalogue.")
FORMATS = click.Choice(["records"])
MANY = 3000
SHOWN = 50


@catalogue.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "format_", type=FORMATS, default="records", show_default=True)
@click.option("--source", default="import", show_default=True, help="Source of records that name none.")
@click.option("--dry-run", is_flag=True, help="Say what would change and save nothing.")
@click.option("--on-error", type=click.Choice(["stop", "skip"]), default="stop", show_default=True,
              help="When rows are rejected: save nothing, or save the others.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of lines.")
@click.pass_context
def import_(
    context: click.Context, file: Path, format_: str, source: str, dry_run: bool, on_error: OnError, as_json: bool
) -> None:
    """Import FILE in one transaction. Exit code 0: no row rejected, 1: some, 2: FILE is unreadable."""
    assert format_ == "records"
    try:
        outcome = import_records(
            file, source=source, on_error=on_error, dry_run=dry_run, by="import",
            progress=iter if as_json else _with_progress,
        )  # fmt: skip
    except Unreadable as error:
        click.echo(json.dumps({"error": str(error)}) if as_json else str(error), err=not as_json)
        context.exit(2)
    if outcome.saved:
        follow_import(outcome, quiet=as_json)
    click.echo(json.dumps(_as_dict(outcome)) if as_json else "\n".join(_lines(outcome, dry_run)))
    context.exit(1 if outcome.rejected else 0)


def _with_progress(rows: Iterable[Row]) -> Iterator[Row]:
    """A progress bar over rows; on anything but a terminal just its label."""
    with click.progressbar(rows, label="Reading", show_pos=True, update_min_steps=50) as bar:
        yield from bar


def follow_import(outcome: Outcome, *, quiet: bool) -> None:
    """Index what the import changed; a large import is quicker indexed whole."""
    if not indexing.index().exists() or len(outcome.changed) > MANY:
        if not quiet:
            click.echo("Indexing ...")
        indexing.rebuild()
    else:
        indexing.follow()


def _lines(outcome: Outcome, dry_run: bool) -> Iterator[str]:
    rejected = [problem for problem in outcome.problems if problem.fatal]
    cleaned = [problem for problem in outcome.problems if not problem.fatal]
    yield from map(str, rejected)
    yield from map(str, cleaned[:SHOWN])
    if len(cleaned) > SHOWN:
        yield f"... and {len(cleaned) - SHOWN} more values cleaned"
    if outcome.added:
        yield f"organisations and facilities that records only name: {outcome.added} added"
    if dry_run:
        yield "Dry run: nothing was saved."
    elif not outcome.saved:
        yield "Nothing was saved: correct the rejected rows, or import the others with --on-error skip."
    elif not outcome.changed:
        yield "Nothing changed."
    yield str(outcome)


def _as_dict(outcome: Outcome) -> dict[str, Any]:
    def said(problem: Problem) -> dict[str, Any]:
        return {
            "row": problem.row,
            "field": problem.field,
            "reason": problem.reason,
            "rejected": problem.fatal,
        }

    counts = {
        name: getattr(outcome, name) for name in ("created", "updated", "unchanged", "rejected", "added", "saved")
    }
    return counts | {"problems": [said(problem) for problem in outcome.problems]}


@catalogue.command("export")
@click.option("--format", "format_", type=FORMATS, default="records", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="File to write; standard output without it.")
def export(format_: str, out: Path | None) -> None:
    """Write every published listing; the file imports again without a change."""
    assert format_ == "records"
    with click.open_file(str(out or "-"), "w", encoding="utf-8") as file:
        count = 0
        for record in export_records():
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
            count += 1
    click.echo(f"{count} listings exported.", err=True)


@catalogue.command()
@click.option("--remove", is_flag=True, help="Take the demo catalogue away.")
def demo(remove: bool) -> None:
    """Load the demo catalogue: an invented Nordic region."""
    if remove:
        click.echo(f"{remove_demo()} demo listings removed.")
        return
    outcome = load_demo()
    follow_import(outcome, quiet=True)
    click.echo(str(outcome))


@catalogue.command()
@click.option("--export", "folder", type=click.Path(path_type=Path, exists=True), is_flag=False,
              flag_value=str(FILES), help="Write the desk's changes into the files (of FOLDER) instead.")  # fmt: skip
def vocabulary(folder: Path | None) -> None:
    """Bring techniques and categories up to date with the vocabulary files. What the desk changed since stays."""
    if folder is not None:
        written = export_vocabulary(folder)
        click.echo("\n".join([*written, f"{len(written)} techniques written to {folder / 'techniques'}."]))
        return
    writing()
    loaded = load_vocabulary()
    indexing.mark(listings_with(loaded.changed))
    db.session.commit()
    indexing.follow()
    for change in loaded.kept:
        click.echo(f"{change.slug}: kept what {change.made_by} changed on {change.made_at:%Y-%m-%d}")
    click.echo(f"{loaded.categories} categories, {loaded.techniques} techniques.")


@catalogue.command()
@click.argument("listing_id", type=int)
@click.option("--reason", default="", help="Shown on the page that stays at the address.")
def withdraw(listing_id: int, reason: str) -> None:
    """Withdraw a listing: its address answers 410 with the date."""
    withdraw_listing(_listing(listing_id), reason=reason, by="command line")
    click.echo(f"Listing {listing_id} withdrawn.")


@catalogue.command()
@click.argument("listing_id", type=int)
def publish(listing_id: int) -> None:
    """Publish a listing, for the first time or again."""
    publish_listing(_listing(listing_id), by="command line")
    click.echo(f"Listing {listing_id} published.")


def _listing(listing_id: int) -> Listing:
    writing()
    listing = db.session.get(Listing, listing_id)
    if listing is None:
        raise click.ClickException(f"There is no listing {listing_id}.")
    return listing
