"""`make faults`: what is lost when everything fails, as a table."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom
from time import monotonic

import click

from tests.conftest import running_postgresql
from tests.faults.checks import Finding
from tests.faults.trial import Trial

FAILED = 1


def main() -> int:
    """Run the trial and print it; 1 unless everything holds."""
    asked = _arguments()
    trial = Trial(asked.seed, asked.enquiries)
    click.echo(f"{trial.enquiries} enquiries to three listings each on {asked.database}, seed {trial.seed}")
    began = monotonic()
    with _database(asked.database) as address, tempfile.TemporaryDirectory() as folder:
        place = Path(asked.keep or folder)
        place.mkdir(parents=True, exist_ok=True)
        findings = trial.run(place, address)
    conditions = [finding for finding in findings if finding.wanted is not None]
    broken = sum(not condition.holds for condition in conditions)
    click.echo(table(findings))
    again = f"make faults SEED={trial.seed} DATABASE={asked.database} ENQUIRIES={trial.enquiries}"
    click.echo(
        f"\n{broken} of {len(conditions)} conditions are broken after {monotonic() - began:.0f} s. The same: {again}"
    )
    return FAILED if broken else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**6), help="of all that is random")
    parser.add_argument("--enquiries", type=int, default=300)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--keep", help="a folder for the database and the processes' logs")
    return parser.parse_args()


@contextmanager
def _database(name: str) -> Iterator[str]:
    """The address of an empty database; none for SQLite, which is made with the instance."""
    if name == "sqlite":
        yield ""
        return
    with running_postgresql() as address:
        yield address


def table(findings: Iterable[Finding]) -> str:
    """A line for each number, with what it must be and whether it is."""
    lines = []
    for finding in findings:
        wanted = "" if finding.wanted is None else f"{finding.wanted:>8}  {'ok' if finding.holds else 'BROKEN'}"
        lines.append(f"{finding.what:<75}{finding.number:>8}{wanted}")
    return "\n".join([f"{'':<75}{'found':>8}{'wanted':>8}", *lines])


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)
