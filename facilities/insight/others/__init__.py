"""Who else has one: the same or equivalent instruments in reach, so that one is used before another is bought."""
