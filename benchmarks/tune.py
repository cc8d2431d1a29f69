"""Try values of weights: `python -m benchmarks.tune NEARNESS=1,2,3 NARROWER=0.7,0.8`.

Each weight, of `search_index.weights` or `facilities.search.understanding.weights`, takes each of its values in turn
while the others stay. Only the judged queries of the tuning half are asked; what the other half says is for
`make relevance`.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import search_index.weights
from facilities.search.understanding import weights as meanings
from tests.conftest import running_app
from tests.relevance.judged import judgements, queries
from tests.relevance.measures import Score, mean, score
from tests.relevance.searching import OurSearch, present, searchable


def main(settings: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for catalogue in present():
            path = Path(folder) / catalogue
            path.mkdir()
            with searchable(catalogue, path):
                pass
        _print("as it is", Path(folder))
        for setting in settings:
            name, _equals, values = setting.partition("=")
            for value in values.split(","):
                _try(name, float(value), Path(folder))


def _try(name: str, value: float, folder: Path) -> None:
    """Measure with one weight changed, and change it back."""
    module = _module_of(name)
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        _print(f"{name} = {value:g}", folder)
    finally:
        setattr(module, name, before)


def _module_of(name: str) -> ModuleType:
    for module in (search_index.weights, meanings):
        if isinstance(getattr(module, name, None), float):
            return module
    raise SystemExit(f"{name} is not a weight: use a name of search_index/weights.py or understanding/weights.py")


def _print(label: str, folder: Path) -> None:
    scores = [each for catalogue in present() for each in _scores(catalogue, folder / catalogue)]
    found = mean(scores)
    print(
        f"{label:24} nDCG@10 {found.ndcg:.3f}  success@1 {found.first:.3f}  success@3 {found.first_three:.3f}",
        flush=True,
    )


def _scores(catalogue: str, folder: Path) -> Iterator[Score]:
    """How each query of the tuning half goes; a new application, for what was found is kept with its weights."""
    graded = judgements()
    with running_app(folder, tables=False) as app:
        ours = OurSearch(app, catalogue)
        for query in queries(catalogue):
            if query.half == "tune":
                yield score(ours.first_ten(query), graded[query.id])


if __name__ == "__main__":
    main(sys.argv[1:])
