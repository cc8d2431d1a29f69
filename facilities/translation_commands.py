"""Commands for the translators' files."""

import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import click

from facilities.translating import TRANSLATED, Misfit, compile_changed, misfits

MOST_SHOWN = 60


@click.group()
def translations() -> None:
    """Compile and check the interface's translations."""


@translations.command("compile")
def compile_() -> None:
    """Have the site speak what the translators' files say."""
    for language in compile_changed():
        click.echo(f"Compiled {language}.")


@translations.command()
@click.option("--all", "all_", is_flag=True, help="Show every string, not the first of each language.")
@click.option("--strings", type=click.Path(exists=True, path_type=Path), help="All strings of the code (.pot).")
@click.argument("languages", nargs=-1, type=click.Choice(TRANSLATED))
def check(languages: tuple[str, ...], strings: Path | None, all_: bool) -> None:
    """Fail when a string lacks a translation in one of LANGUAGES (all of them), or has one that does not fit."""
    found = [list(misfits(language, strings=strings)) for language in languages or TRANSLATED]
    for language, wrong in zip(languages or TRANSLATED, found, strict=True):
        click.echo(f"{language}: {len(wrong)} to do" if wrong else f"{language}: complete")
        _show(wrong if all_ else wrong[:MOST_SHOWN])
    sys.exit(1 if any(found) else 0)


def _show(wrong: Sequence[Misfit]) -> None:
    """Print what is wrong by the file it stands in."""
    by_file: dict[str, list[Misfit]] = defaultdict(list)
    for each in wrong:
        by_file[each.files[0] if each.files else ""].append(each)
    for file, inside in by_file.items():
        click.echo(f"  {file}")
        for each in inside:
            click.echo(f"    {each.problem}: {each.text[:100]!r}")
