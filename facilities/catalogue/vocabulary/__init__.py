"""The controlled vocabulary: its files, how they are loaded, and how records are tagged by it."""

from facilities.catalogue.vocabulary.loading import load_vocabulary
from facilities.catalogue.vocabulary.tagging import Vocabulary

__all__ = ["Vocabulary", "load_vocabulary"]
