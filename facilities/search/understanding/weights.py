"""How much each way of saying the same thing counts, from 0 to 1. `search_index.weights` has the weights of words."""

from facilities.catalogue.models import TermKind

TAG = 1.0
"""A listing that somebody tagged with the technique."""
TERMS = {TermKind.LABEL: 0.9, TermKind.SYNONYM: 0.85, TermKind.ABBREVIATION: 0.8, TermKind.MODEL: 0.75}
AMBIGUOUS = 0.35
"""An abbreviation that means other things too."""
NARROWER = 0.8
"""For each level that a technique is below the one asked for."""
SIMILAR = 0.3
"""A listing with the same technique as the model that was asked for."""

NAME = 0.95
"""Another name of an organisation."""
ABBREVIATION = 0.7
"""An organisation's abbreviation, which may be anything's."""
PLACE = 0.9
"""Another name of a place that is all that was asked for."""
CERTIFICATE = 0.9
"""Another way to write a certificate or standard."""
EVERYDAY = 0.7
"""Another word for the same everyday thing, mostly of another language."""

NEAR = 1.0
"""A town named in a query."""
REGION = 0.7
"""A region named in a query: its middle is less telling than a town."""
