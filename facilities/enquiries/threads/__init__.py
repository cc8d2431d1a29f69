"""The life of a thread: who may read it, who speaks, whose turn it is, how it ends."""
