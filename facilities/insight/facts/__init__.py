"""Facts: numbers about the site, a network, a hub or a place, made from the catalogue, never typed in."""
