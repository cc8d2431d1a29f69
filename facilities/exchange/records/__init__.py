"""The records format: one JSON object a line, the catalogue's own form for import and export."""
