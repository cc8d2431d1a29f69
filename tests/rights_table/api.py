"""The programming interface and its guide."""

from tests.rights_table.answers import (
    ANYONE,
    EDITORS,
    EDITORS_OF_DRAFT,
    EDITORS_UNASKED,
    MANAGERS,
    MANAGERS_OF_DRAFT,
    MODERATORS,
    SIGNED_IN,
)

TABLE = {
    ANYONE: """
        GET api.openapi /api/v1/openapi.json
        GET api.listings /api/v1/listings
        GET api.listing /api/v1/listings/{instrument}
        GET api_pages.guide /api
        GET search_api.search_json /api/v1/search
    """,
    SIGNED_IN: """
        POST api.new /api/v1/listings
        POST api.upsert_records /api/v1/sources/test/records
        PUT api.upsert_record /api/v1/sources/test/records/1
    """,
    EDITORS: """
        POST api.submit /api/v1/listings/{instrument}/submit
        POST api.confirm /api/v1/listings/{instrument}/confirm
        PATCH api.edit /api/v1/listings/{instrument}
    """,
    EDITORS_OF_DRAFT: """
        POST api.submit /api/v1/listings/{draft}/submit
        POST api.confirm /api/v1/listings/{draft}/confirm
        PATCH api.edit /api/v1/listings/{draft}
    """,
    EDITORS_UNASKED: """
        GET api.listing /api/v1/listings/{draft}
    """,
    MANAGERS: """
        POST api.publish /api/v1/listings/{instrument}/publish
        POST api.withdraw /api/v1/listings/{instrument}/withdraw
    """,
    MANAGERS_OF_DRAFT: """
        POST api.publish /api/v1/listings/{draft}/publish
        POST api.withdraw /api/v1/listings/{draft}/withdraw
    """,
    MODERATORS: """
        POST api.publish /api/v1/listings/{strict}/publish
    """,
}
