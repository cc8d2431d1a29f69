"""How many different visitors there were at least, in one number that names none of them.

Each visitor of a text sets one of BITS bits, chosen by a keyed hash of the text and of their network. As many bits as
are set, so many networks there were, or more. Thousands of networks share each bit, so none
can be told from it alone; but whoever has the SECRET_KEY can test a network that they suspect.
"""

from hashlib import blake2b

BITS = 62
"""So that the number fits a column of 64 bits with its sign."""


def bit_of(text: str, network: str, secret: str) -> int:
    """The bit that a network sets for a text: the same whenever it searches for it."""
    key = blake2b(secret.encode(), digest_size=32).digest()
    said = blake2b(f"{text}\n{network}".encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest()
    return 1 << int.from_bytes(said) % BITS


def at_least(sketch: int) -> int:
    """The number of visitors that there were at least."""
    return sketch.bit_count()
