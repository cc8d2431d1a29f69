"""The map and the pages that count and compare: roles, places, density, whom to ask."""

from tests.rights_table.answers import ANYONE

TABLE = {
    ANYONE: """
        GET places.places /places
        GET places.place /places/se/uppsala
        GET roles.matrix /roles
        GET roles.matrix_csv /roles.csv
        GET roles.without /roles/none
        GET whom.whom /ask
        GET others.of_listing /instruments/{instrument}/others
        GET others.of_model /instruments/others?model=LSM+880
        GET density.choose /density
        GET density.technique /density/{technique}
        GET density.technique_csv /density/{technique}.csv
        GET density.choose /networks/{network}/density
        GET density.technique /networks/{network}/density/{technique}
        GET density.technique_csv /networks/{network}/density/{technique}.csv
        GET map.page /map
        GET map.values /map/values?facet=city
        GET map.places /map/places.json
        GET map.card /map/card?at=59.85,17.63
        GET map.lines /map/lines.json?lines={instrument}
        GET shared_map.embed /map/embed
        GET shared_map.embed_script /map/embed.js
        GET shared_map.share /map/share
        GET shared_map.picture /map.svg
    """,
}
