"""What is worked out once for a generation of the index: some pages are asked for far more often than the index
changes, and what they say of it is the same until then."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from hashlib import blake2b
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from flask import current_app
from numpy.typing import NDArray

from facilities.search.index import index

MOST = 16
"""Answers that a process keeps for one part of the site, unless it says otherwise. The longest, of all that the map
finds, have forty bytes for each listing."""

T = TypeVar("T")


class Kept:
    """Answers by key, at most so many, those that were used last, all of one generation of the index."""

    def __init__(self, generation: int, most: int) -> None:
        self.generation, self.most = generation, most
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer to a key, made if it is not there. Two threads may both make it: that does no harm."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                answer: T = self._answers[key]
                return answer
        made = make()
        with self._lock:
            self._answers[key] = made
            if len(self._answers) > self.most:
                self._answers.popitem(last=False)
        return made


def sign_of(ids: NDArray[np.int64]) -> bytes:
    """Sixteen bytes that are the same for the same ids in the same order."""
    return blake2b(ids.tobytes(), digest_size=16).digest()


def kept(part: str, key: Hashable, make: Callable[[], T], *, most: int = MOST) -> T:
    """What `make` gives, kept until the index changes among the answers of a part of the site. Its key must name all
    that it depends on besides the index; the first part of a key says what the answer is."""
    generation = index().generation() if index().exists() else 0
    if not generation:
        return make()
    parts: dict[str, Kept] = current_app.extensions.setdefault("kept", {})
    keeps = parts.get(part)
    if keeps is None or keeps.generation != generation:
        keeps = parts[part] = Kept(generation, most)
    return keeps.get(key, make)
