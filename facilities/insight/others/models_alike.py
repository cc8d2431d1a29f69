"""When two instruments are the same model, or of the same family of models, however their owners wrote it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from facilities.catalogue.names import fold

EQUIPPED = re.compile(r"\s+(?:with|med|and|och|og|\+|&)\s+.*|\s*[,;(/].*", re.IGNORECASE)
"""What a model is equipped with says nothing of which one it is: LSM 980 with Airyscan 2."""
SHORTEST_FAMILY = 3


@dataclass(frozen=True, slots=True)
class Model:
    """A model as it is compared: `makers` are the words of the maker's name, `key` the model in one word."""

    makers: frozenset[str]
    key: str

    @classmethod
    def of(cls, manufacturer: str, model: str) -> "Model":
        """BD Biosciences, FACSAria III -> ({bd, biosciences}, facsariaiii). The maker before the model is left out."""
        makers = fold(manufacturer).split()
        words = fold(EQUIPPED.sub("", model)).split()
        while words and words[0] in makers and len(words) > 1:
            words = words[1:]
        return cls(frozenset(makers), "".join(words))

    def is_same_as(self, other: "Model") -> bool:
        """The same word, and no maker that contradicts: one of the two may have left it out."""
        return bool(self.key) and self.key == other.key and self._maker_fits(other)

    def is_of_one_family_with(self, other: "Model", families: Iterable[str]) -> bool:
        """Whether one of the vocabulary's names of model families (`family_key`) begins both."""
        both = (self.key, other.key)
        return self._maker_fits(other) and any(all(key.startswith(name) for key in both) for name in families)

    def _maker_fits(self, other: "Model") -> bool:
        return not self.makers or not other.makers or bool(self.makers & other.makers)


def family_key(name: str, manufacturer: str = "") -> str:
    """A name of a family of models as `Model.key` begins with it; empty for one too short to tell."""
    key = Model.of(manufacturer, name).key
    return key if len(key) >= SHORTEST_FAMILY else ""
