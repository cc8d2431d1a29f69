"""The controlled vocabulary: its files, how they are loaded, and how records are tagged by it."""

from facilities.catalogue.vocabulary.loading import ensure_vocabulary, load_vocabulary
from facilities.catalogue.vocabulary.tagging import Vocabulary

__all__ = ["Vocabulary", "ensure_vocabulary", "load_vocabulary"]
