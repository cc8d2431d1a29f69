"""The map of everything that is listed: the same search and filters as the results page, drawn instead of listed."""
