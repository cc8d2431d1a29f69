"""Tune the weights of search: `python -m benchmarks.tune NEARNESS=1.5,3 title.weight=4,6 PREFERRED.country=2`.

Each weight, of `search_index.weights` or `facilities.search.understanding.weights`, takes each of its values in turn;
without arguments every weight of GUESSES does. A value that gains at least WORTH_IT stays while the others are tried,
and what to write into the two files is said at the end. Only the judged queries of the tuning half are asked; what the
other half says is for `make relevance`. `--folder FOLDER` keeps the catalogues there, to begin sooner the next time.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import search_index.weights
from facilities.search.understanding import weights as meanings
from tests.conftest import running_app
from tests.relevance.judged import judgements, queries
from tests.relevance.measures import Score, mean, score
from tests.relevance.searching import OurSearch, present, searchable

WORTH_IT = 0.002
"""Gain of mean nDCG@10 below which a value is left as it is: that much comes and goes with two queries."""
SHARES = (0.6, 1.5)
"""Of what a weight is now: what is tried without values."""
GUESSES = (
    *("TAG_STRENGTH", "MEANT_TEXT", "BESIDE", "EACH_MORE_WORD", "NARROWER", "AMBIGUOUS", "EVERYDAY", "SIMILAR"),
    *("DAMPING", "SIDE_BY_SIDE", "INFLECTION", "COMPOUND", "APART", "LACKING", "FILLING", "PARTIAL"),
    *("NEARNESS", "HALF_AS_NEAR_KM", "PREFERRED.country", "PREFERRED.city", "PREFERRED.kind", "WHOLE_NAME"),
    *("title.weight", "names.weight", "model.weight", "techniques.weight", "keywords.weight", "description.weight"),
)


@dataclass(frozen=True, slots=True)
class Weight:
    """A number where it is kept: `name` in `module`, or `entry` of the dictionary there, or a `part` of that entry."""

    label: str
    module: ModuleType
    name: str
    entry: str = ""
    part: str = ""

    @classmethod
    def called(cls, label: str) -> "Weight":
        """NEARNESS, PREFERRED.country, or title.slope of a field. Ends the program if there is no such weight."""
        first, _dot, second = label.partition(".")
        if first in search_index.weights.FIELD_WEIGHTS and second in ("weight", "length", "slope"):
            return cls(label, search_index.weights, "FIELD_WEIGHTS", first, second)
        for module in (search_index.weights, meanings):
            held = getattr(module, first, None)
            if isinstance(held.get(second) if isinstance(held, dict) else held, float):
                return cls(label, module, first, second if isinstance(held, dict) else "")
        raise SystemExit(f"{label} is no weight: use a name of search_index/weights.py or understanding/weights.py.")

    @property
    def value(self) -> float:
        """What it is now."""
        held: Any = getattr(self.module, self.name)
        held = held[self.entry] if self.entry else held
        return float(getattr(held, self.part) if self.part else held)

    def set(self, value: float) -> None:
        """Change it, in this process."""
        held = getattr(self.module, self.name)
        if self.part:
            held[self.entry] = replace(held[self.entry], **{self.part: value})
        elif self.entry:
            held[self.entry] = value
        else:
            setattr(self.module, self.name, value)


def main() -> None:
    asked = _arguments()
    wanted = [_values(setting) for setting in asked.settings or GUESSES]
    with _catalogues(asked.folder) as folder:
        found = tune(wanted, lambda: mean([each for name in present() for each in _scores(name, folder / name)]))
    print("\nWorth taking over: " + (", ".join(f"{name} = {value:g}" for name, value in found.items()) or "nothing"))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tune", description=__doc__)
    parser.add_argument("settings", nargs="*", metavar="NAME=VALUE,VALUE")
    parser.add_argument("--folder", type=Path, help="where the catalogues are, or are to be kept")
    return parser.parse_args()


def _values(setting: str) -> tuple[Weight, list[float]]:
    name, equals, values = setting.partition("=")
    weight = Weight.called(name)
    if equals:
        return weight, [float(value) for value in values.split(",")]
    return weight, [float(f"{weight.value * share:.2g}") for share in SHARES]


def tune(wanted: list[tuple[Weight, list[float]]], measure: Callable[[], Score]) -> dict[str, float]:
    """Try all values, print what each gains over the best so far, and give those that are worth it, by weight."""
    best = measure()
    _print("as it is", best, 0.0)
    kept: dict[str, float] = {}
    for weight, values in wanted:
        for value in values:
            before = weight.value
            weight.set(value)
            now = measure()
            gain = now.ndcg - best.ndcg
            _print(f"{weight.label} = {value:g} (was {before:g})", now, gain)
            if gain >= WORTH_IT:
                best, kept[weight.label] = now, value
            else:
                weight.set(before)
    return kept


def _print(label: str, found: Score, gain: float) -> None:
    mark = " *" if gain >= WORTH_IT else ""
    measured = f"nDCG@10 {found.ndcg:.4f}  success@1 {found.first:.3f}  @3 {found.first_three:.3f}"
    print(f"{label:44} {measured}  gain {gain:+.4f}{mark}", flush=True)


@contextmanager
def _catalogues(kept: Path | None) -> Iterator[Path]:
    """A folder with all catalogues; what is there already is used as it is."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = kept or Path(temporary)
        for name in present():
            if not (folder / name).is_dir():
                print(f"Making the {name} catalogue.", file=sys.stderr)
                (folder / name).mkdir(parents=True)
                with searchable(name, folder / name):
                    pass
        yield folder


def _scores(catalogue: str, folder: Path) -> Iterator[Score]:
    """How each query of the tuning half goes; a new application, for what was found is kept with its weights."""
    graded = judgements()
    with running_app(folder, tables=False) as app:
        ours = OurSearch(app, catalogue)
        for query in queries(catalogue):
            if query.half == "tune":
                yield score(ours.first_ten(query), graded[query.id])


if __name__ == "__main__":
    main()
