"""Partial answers: when no document answers all of a query, those that answer the most telling part of it."""

import numpy as np
from numpy.typing import NDArray

from search_index import weights
from search_index.matching import Mask, Matches, Share
from search_index.scores import rarity
from search_index.snapshot import Snapshot


def partly_answering(snapshot: Snapshot, matches: Matches, passing: NDArray[np.int64], enough: int = 1) -> Mask:
    """The documents that answer nearly as much as the best of those that pass the filters, by how telling it is; if
    these are not `enough`, the next ones too."""
    worth = np.zeros(snapshot.size, np.float32)
    for answer in matches.answers:
        worth[answer.having] += np.float32(answer.rarity(snapshot))
    best = float(worth[passing].max(initial=0.0))
    if best <= _least(snapshot, matches):
        return np.zeros(snapshot.size, np.bool_)
    enough_reach = float(np.sort(worth[passing])[::-1][:enough][-1])
    least = min(best * weights.PARTIAL, max(enough_reach, best * weights.FILLING))
    answering: Mask = matches.allowed & (worth >= least)
    return answering


def nearly_answering(snapshot: Snapshot, matches: Matches, passing: NDArray[np.int64], enough: int) -> Mask:
    """The documents that answer most of a query, as many as it takes to have `enough` of those that pass the filters.
    What means something together is answered together or not."""
    worth = np.zeros(snapshot.size, np.float32)
    for having in _subjects(matches):
        worth[having] += np.float32(rarity(snapshot.size, int(np.count_nonzero(having))))
    reached = np.sort(worth[passing])[::-1]
    least = max(float(reached[:enough][-1]), weights.FILLING * float(reached[0]))
    nearly: Mask = matches.allowed & ~matches.mask & (worth >= least)
    return nearly if least > 0 else nearly & False


def lacking(matches: Matches, partly: Mask) -> Share:
    """What answers to a part of the query lose of their scores."""
    documents = np.flatnonzero(partly)
    return Share("lacking", "", documents, matches.scores[documents] * np.float32(-weights.LACKING))


def _subjects(matches: Matches) -> list[Mask]:
    """The documents that answer each thing that the query is about."""
    masks: dict[str, Mask] = {}
    for number, answer in enumerate(matches.answers):
        key = answer.meant or f"{number} {answer.written}"
        masks[key] = masks[key] & answer.having if key in masks else answer.having
    return list(masks.values())


def _least(snapshot: Snapshot, matches: Matches) -> float:
    """What a part has to be worth: a frequent word beside several that nothing answers is no answer."""
    every = (answer.rarity(snapshot) for answer in matches.answers if answer.having.any())
    unknown = sum(not answer.having.any() for answer in matches.answers)
    return weights.LEAST_PARTIAL * (sum(every) + unknown * rarity(snapshot.size, 0))


def missing_words(matches: Matches, document: int) -> list[str]:
    """What of the query a document lacks, as typed, each once."""
    lacking = (answer.written for answer in matches.answers if not answer.having[document])
    return list(dict.fromkeys(lacking))
