"""The index in a PostgreSQL database, for sites whose web machines share no folder.

PostgreSQL finds: it has a row for each field of a document, whose tsvector holds our own terms. What was found is
filtered, counted, weighed and explained in each process as with the other engine.
"""

from search_index.postgresql.index import PostgreSQLIndex

__all__ = ["PostgreSQLIndex"]
