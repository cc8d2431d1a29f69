"""`flask search rebuild | check`."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

import click
from flask.cli import AppGroup

from facilities.search import index as indexing
from facilities.search.queries import published_count
from search_index import Document, IndexBusy

search = AppGroup("search", help="Build and check the full-text index.")


@search.command()
@click.option("--if-needed", is_flag=True, help="Only when the index is missing or does not hold every listing.")
def rebuild(if_needed: bool) -> None:
    """Build the index anew beside the live one and swap; searches go on meanwhile."""
    if if_needed and _is_whole():
        click.echo(f"The index is up to date: {indexing.index().count():,} listings.")
        return
    click.echo(f"Indexed {indexing.rebuild(_with_progress):,} listings.")


def _is_whole() -> bool:
    with suppress(IndexBusy):
        indexing.catch_up()
    return indexing.is_whole()


def _with_progress(documents: Iterable[Document]) -> Iterator[Document]:
    with click.progressbar(documents, length=published_count(), label="Indexing", update_min_steps=100) as bar:
        yield from bar


@search.command()
@click.pass_context
def check(context: click.Context) -> None:
    """Compare index and database and name what differs. Exit code 1 if anything does."""
    found = indexing.check()
    for label, ids in (
        ("missing", found.missing),
        ("out of date", found.stale),
        ("unexpected", found.unexpected),
    ):
        if ids:
            click.echo(
                f"{label}: {len(ids)} (listings {', '.join(map(str, ids[:20]))}{' ...' if len(ids) > 20 else ''})"
            )
    if found.missing or found.stale or found.unexpected:
        click.echo("Run `flask --app wsgi search rebuild` to mend it.")
        context.exit(1)
    click.echo(f"Index and database agree: {indexing.index().count():,} listings.")
