"""Labels: words that are known though no document may have them, such as the names of techniques."""

from collections.abc import Collection
from dataclasses import dataclass

from search_index.letters import normalise
from search_index.vocabulary import Vocabulary, of_words
from search_index.words import words_in


@dataclass(frozen=True, slots=True)
class Labels:
    """`words` maps each folded word to how it is written, `phrases` are whole labels, folded."""

    words: dict[str, str]
    phrases: frozenset[str]
    vocabulary: Vocabulary

    def has_phrase(self, text: str) -> bool:
        """Whether a text is a whole label."""
        return _folded(text) in self.phrases


def read_labels(labels: Collection[str]) -> Labels:
    """The words and phrases of labels."""
    words = {word.folded: normalise(label)[word.start : word.end] for label in labels for word in words_in(label)}
    return Labels(words, frozenset(map(_folded, labels)), of_words(sorted(words)))


def _folded(text: str) -> str:
    return " ".join(word.folded for word in words_in(text))


_NONE = read_labels(())


def no_labels() -> Labels:
    """None are known."""
    return _NONE
