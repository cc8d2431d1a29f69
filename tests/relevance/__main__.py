"""`make relevance`: how well the judged queries are answered, ours beside plain BM25.

`--queries` also tells of each query of the tuning half what came first and what was missed; the other half is only ever
a number. `--setting NAME=VALUE` (repeated) measures a site with other settings, `--engine postgresql` the other engine.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from facilities.config import ENGINES
from tests.relevance.judged import KINDS, LANGUAGES, Grades, JudgedQuery, judgements, queries
from tests.relevance.measures import Score, mean, score
from tests.relevance.searching import CORPUS, Searcher, listing_names, present, searchable, searchers

MISSED_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and by searcher what it found and how good that is."""

    query: JudgedQuery
    found: dict[str, list[str]]
    scores: dict[str, Score]


def main() -> None:
    asked = _arguments()
    catalogues = present()
    if "corpus" not in catalogues:
        print(f"Without {CORPUS} (set SHARED_DATA to its folder) only the demo catalogue is measured.", file=sys.stderr)
    answers: list[Asked] = []
    site = partial(searchable, engine=asked.engine, **asked.setting)
    for catalogue in catalogues:
        with tempfile.TemporaryDirectory() as folder, site(catalogue, Path(folder)) as app:
            answers += ask(catalogue, searchers(app, catalogue))
            if asked.queries:
                _print_queries([each for each in answers if each.query.catalogue == catalogue], listing_names())
    _print_table(answers)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.relevance", description=__doc__)
    parser.add_argument("--queries", action="store_true", help="each query of the tuning half")
    parser.add_argument("--setting", action="append", default=[], metavar="NAME=VALUE", help="a setting of the site")
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[0], help="what keeps the index")
    asked = parser.parse_args()
    asked.setting = dict(pair.split("=", 1) for pair in asked.setting)
    return asked


def ask(catalogue: str, those: Sequence[Searcher]) -> list[Asked]:
    """Ask every searcher all queries of a catalogue."""
    graded = judgements()
    return [_ask(query, graded[query.id], those) for query in queries(catalogue)]


def _ask(query: JudgedQuery, grades: Grades, those: Sequence[Searcher]) -> Asked:
    found = {searcher.name: searcher.first_ten(query) for searcher in those}
    return Asked(query, found, {name: score(records, grades) for name, records in found.items()})


def _print_queries(answers: Sequence[Asked], names: dict[str, str]) -> None:
    graded = judgements()
    for each in sorted(answers, key=lambda each: each.scores["ours"].ndcg):
        if each.query.half == "tune":
            _print_query(each, graded[each.query.id], names)


def _print_query(each: Asked, grades: Grades, names: dict[str, str]) -> None:
    ndcg = "  ".join(f"{name} {measured.ndcg:.2f}" for name, measured in each.scores.items())
    print(f"\n{each.query.id}  “{each.query.text}”  {ndcg}")
    found = each.found["ours"]
    first = [f"{names[record]} ({grades.get(record, 'unjudged')})" for record in found[:3]]
    print("  first:  " + ("; ".join(first) or "nothing"))
    missed = [names[record] for record, grade in grades.items() if grade == 2 and record not in found]
    if missed and sum(grades.get(record) == 2 for record in found) < len(found or missed):
        print("  missed: " + "; ".join(missed[:MISSED_SHOWN]) + (" …" if len(missed) > MISSED_SHOWN else ""))


def _print_table(answers: Sequence[Asked]) -> None:
    names = list(answers[0].scores)
    print(f"\n{'':24}{'queries':>8}" + "".join(f"   {name:<32}" for name in names))
    print(f"{'':32}" + "   nDCG@10  success@1     @3   none" * len(names))
    for label, some in _groups(answers):
        if some:
            print(f"{label:24}{len(some):>8}" + "".join(_cells([each.scores[name] for each in some]) for name in names))


def _cells(scores: Sequence[Score]) -> str:
    of_all = mean(scores)
    return f"   {of_all.ndcg:7.3f}  {of_all.first:9.2f}  {of_all.first_three:5.2f}  {of_all.nothing:5.2f}"


def _groups(answers: Sequence[Asked]) -> Iterator[tuple[str, list[Asked]]]:
    """The lines of the table: both halves as a whole, and the parts of the tuning half."""
    tuning = [each for each in answers if each.query.half == "tune"]
    yield "held half", [each for each in answers if each.query.half == "held"]
    yield "tuning half", tuning
    for catalogue in present():
        yield f"  {catalogue}", [each for each in tuning if each.query.catalogue == catalogue]
    for kind in KINDS:
        yield f"  {kind}", [each for each in tuning if each.query.kind == kind]
    for language in LANGUAGES:
        yield f"  {language}", [each for each in tuning if each.query.language == language]


if __name__ == "__main__":
    main()
