"""`make bench`: everything in one run, as tables."""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from math import log
from pathlib import Path

from benchmarks.changes import edit_until_found, rebuild_seconds
from benchmarks.comparison import Comparison, Measured, compare
from benchmarks.load import Load, visit
from benchmarks.questions import questions
from benchmarks.records import Record, RecordsMissing, corpus, corpus_and_volume, documents
from benchmarks.sites import (
    Site,
    datasette,
    datasette_path,
    fill_datasette,
    fill_ours,
    listing_paths,
    our_path,
    ours,
    suggestion_paths,
)
from benchmarks.varying import varied

CLIENTS = (1, 4)
PARTS = ("engines", "pages")
SIZES = (2_672, 15_350, 100_000)
LARGEST_DATASETTE = 15_350
"""Records up to which datasette is measured as well: with more, its pages take longer than everything else."""


def main() -> int:
    """Measure what was asked for and print it; 2 when the records are not there."""
    asked, started = _arguments(), time.monotonic()
    try:
        sizes = [_records(size) for size in asked.sizes or SIZES]
    except RecordsMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    if "engines" in (asked.parts or PARTS):
        _compare_engines(sizes)
    if "pages" in (asked.parts or PARTS):
        for records in sizes:
            _compare_pages(records)
    print(f"\nThis took {(time.monotonic() - started) / 60:.0f} minutes.")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"what to measure: {PARTS} (everything)")
    parser.add_argument("--sizes", nargs="+", type=int, help=f"how many records: {SIZES}")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    return asked


def _records(size: int) -> list[Record]:
    """The records with full texts, all real ones, or so many with varied ones."""
    if size <= SIZES[0]:
        return corpus()[:size]
    return corpus_and_volume()[:size] if size <= SIZES[1] else varied(size)


def _compare_engines(sizes: Sequence[list[Record]]) -> None:
    medians = {}
    for records in sizes:
        compared = compare(records)
        medians[len(records)] = {each.name: each.search.p50 for each in compared.engines}
        _print_engines(len(records), compared.engines)
        _print_hard(compared)
    smallest, largest = min(medians), max(medians)
    if smallest < largest:
        grown = {name: log(medians[largest][name] / p50) for name, p50 in medians[smallest].items()}
        exponents = ", ".join(f"{name} {each / log(largest / smallest):.2f}" for name, each in grown.items())
        print(f"\nGrowth of p50 from {smallest:,} to {largest:,} records, as an exponent: {exponents}")


def _print_hard(compared: Comparison) -> None:
    print(_row("ours, worst kinds", "p50", "p95", "worst"))
    for kind, times in compared.hard:
        print(_row(f"  {kind}", f"{times.p50:.1f}", f"{times.p95:.1f}", f"{times.worst:.1f}"))


def _print_engines(size: int, measured: list[Measured]) -> None:
    print(f"\nEngine alone, {size:,} records, 200 queries: best 20, exact total, 8 facets, 20 passages (ms, warm)")
    print(_row("", "p50", "p95", "worst", "/tantivy", "edit p50", "edit p95", "build s", "MB", "hits"))
    tantivy = next(each for each in measured if each.name == "tantivy")
    for each in measured:
        times, change = each.search, each.change
        ratio = f"{times.p50 / tantivy.search.p50:.2f}"
        searched = (f"{times.p50:.2f}", f"{times.p95:.2f}", f"{times.worst:.1f}", ratio)
        others = (
            f"{change.p50:.1f}",
            f"{change.p95:.1f}",
            f"{each.built:.1f}",
            f"{each.memory:.0f}",
            f"{each.found:,}",
        )
        print(_row(each.name, *searched, *others))


def _row(name: str, *cells: str) -> str:
    return f"{name:22}" + "".join(f"{cell:>10}" for cell in cells)


def _compare_pages(records: list[Record]) -> None:
    asked = questions(records)
    print(f"\nWhole pages over HTTP, {len(records):,} records, the same 200 queries (ms, warm)")
    print(_row("", "clients", "p50", "p95", "worst", "pages/s", "MB"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill_ours(folder, records[: SIZES[1]], len(records))
        with ours(folder) as site:
            our = _print_visits("ours", site, [our_path(question) for question in asked])
            listings = listing_paths(site, asked)
            _print_visits("our listings", site, listings)
            _print_visits("our suggestions", site, suggestion_paths(asked))
            edits = edit_until_found(site, [int(path.split("/")[2].split("-")[0]) for path in listings])
        print(f"an edit until another client finds it: p50 {edits.p50:.0f} ms, p95 {edits.p95:.0f} ms")
        print(f"full rebuild: {rebuild_seconds(folder):.1f} s")
        if len(records) <= LARGEST_DATASETTE:
            fill_datasette(folder, documents(records))
            with datasette(folder) as site:
                theirs = _print_visits("datasette", site, [datasette_path(question) for question in asked])
            print(f"ours / datasette, p50, one client: {our.times.p50 / theirs.times.p50:.2f}")


def _print_visits(name: str, site: Site, paths: Sequence[str]) -> Load:
    """Visit all pages once so that every process is warm, then measure; gives what one client met."""
    visit(site.base, paths, max(CLIENTS))
    loads = [visit(site.base, paths, clients) for clients in CLIENTS]
    for clients, load in zip(CLIENTS, loads, strict=True):
        _print_load(name, clients, load, site.memory())
    return loads[0]


def _print_load(name: str, clients: int, load: Load, memory: float) -> None:
    times = load.times
    measured = (f"{each:.1f}" for each in (times.p50, times.p95, times.worst, load.per_second))
    print(_row(name, str(clients), *measured, f"{memory:.0f}"))


if __name__ == "__main__":
    sys.exit(main())
