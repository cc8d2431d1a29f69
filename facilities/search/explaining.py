"""The parts of a score as the desk reads them."""

from collections import defaultdict
from collections.abc import Sequence

from search_index import Part

PLACE = ("near", "city", "country")
"""What the index tells apart, and a reader does not: how near it is, and that it says the place's name."""

SMALLEST = 0.005
"""What would be shown as 0.00."""


def merged(parts: Sequence[Part]) -> list[Part]:
    """The parts with those of one name and word as one, without what adds nothing; in the order they came."""
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for part in parts:
        sums["place" if part.name in PLACE else part.name, part.word] += part.value
    return [Part(name, word, value) for (name, word), value in sums.items() if abs(value) >= SMALLEST]
