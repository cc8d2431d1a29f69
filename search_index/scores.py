"""Scores: BM25. Rare words count for more, and more occurrences for less and less."""

from math import log1p

import numpy as np
from numpy.typing import NDArray

from search_index import weights

Scores = NDArray[np.float32]


def rarity(size: int, known_in: int) -> float:
    """How telling it is that a document of `size` is one of `known_in`."""
    return log1p((size - known_in + 0.5) / (known_in + 0.5))


def score(size: int, strength: Scores, known_in: int = 0) -> Scores:
    """What each strength scores; `known_in` is how many documents have it, if those are not all there are."""
    telling = rarity(size, known_in or len(strength)) * (1 + weights.DAMPING)
    scores: Scores = np.float32(telling) * strength / (strength + np.float32(weights.DAMPING))
    return scores
