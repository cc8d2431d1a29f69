"""Search, its other forms, saved searches and suggestions."""

from tests.rights_table.answers import ANYONE

TABLE = {
    ANYONE: """
        GET search.results /networks/{network}/search
        GET search_files.feed /networks/{network}/search.atom
        GET search_files.file /networks/{network}/search.csv
        GET search_files.values /networks/{network}/search/values?facet=city
        GET saved.new /saved-searches/new
        GET saved.asked /saved-searches/asked
        GET saved.page /saved-searches/{saved}
        GET saved.end /saved-searches/{saved}/end
        POST saved.new /saved-searches/new
        POST saved.page /saved-searches/{saved}
        POST saved.end /saved-searches/{saved}/end
        GET search.results /search
        GET search_files.feed /search.atom
        GET search_files.file /search.csv
        GET search_files.values /search/values?facet=city
        GET suggesting.suggestions /suggest?q=facs
        GET suggesting.towns /suggest/places?q=upp
    """,
}
