"""What a visitor means: techniques, places, organisations and needs named in a query, in any language.

`docs/search.md` walks through the steps with an example of each.
"""

from facilities.search.understanding.needs import certificate_name
from facilities.search.understanding.parts import Part, Understood
from facilities.search.understanding.reading import understand
from facilities.search.understanding.remembering import Lexicon, forget, lexicon, look_again, technique_labels

__all__ = [
    "Lexicon",
    "Part",
    "Understood",
    "certificate_name",
    "forget",
    "lexicon",
    "look_again",
    "technique_labels",
    "understand",
]
