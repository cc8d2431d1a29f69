"""Facts about the site, its networks, their hubs and places."""

from tests.rights_table.answers import ANYONE, DESK_OF_OTHER, MODERATORS, NOBODY

TABLE = {
    DESK_OF_OTHER: """
        GET facts.freeze_network /manage/networks/{other_network}/facts
        POST facts.freeze_network /manage/networks/{other_network}/facts
        GET facts.freeze_hub /manage/networks/{other_network}/hubs/{hub}/facts
        POST facts.freeze_hub /manage/networks/{other_network}/hubs/{hub}/facts
    """,
    ANYONE: """
        GET facts.page /facts
        GET facts.csv_file /facts.csv
        GET facts.pdf_file /facts.pdf
        GET facts.figure_csv /facts/kinds.csv
        GET facts.figure_svg /facts/kinds.svg
        GET facts.edition /facts/2025
        GET facts.numbered /facts/2025/1
        GET facts.edition_csv /facts/2025/1.csv
        GET facts.edition_pdf /facts/2025/1.pdf
        GET facts.network_page /networks/{network}/facts
        GET facts.network_csv_file /networks/{network}/facts.csv
        GET facts.network_pdf_file /networks/{network}/facts.pdf
        GET facts.network_figure_csv /networks/{network}/facts/kinds.csv
        GET facts.network_edition /networks/{network}/facts/2025
        GET facts.network_numbered /networks/{network}/facts/2025/1
        GET facts.network_edition_csv /networks/{network}/facts/2025/1.csv
        GET facts.network_edition_pdf /networks/{network}/facts/2025/1.pdf
        GET facts.hub_page /networks/{network}/hubs/{hub}/facts
        GET facts.hub_csv_file /networks/{network}/hubs/{hub}/facts.csv
        GET facts.hub_pdf_file /networks/{network}/hubs/{hub}/facts.pdf
        GET facts.hub_edition /networks/{network}/hubs/{hub}/facts/2025
        GET facts.hub_numbered /networks/{network}/hubs/{hub}/facts/2025/1
        GET facts.hub_edition_csv /networks/{network}/hubs/{hub}/facts/2025/1.csv
        GET facts.hub_edition_pdf /networks/{network}/hubs/{hub}/facts/2025/1.pdf
        GET facts.place_page /places/se/uppsala/facts
        GET facts.place_csv_file /places/se/uppsala/facts.csv
        GET facts.place_pdf_file /places/se/uppsala/facts.pdf
        GET facts.place_figure_csv /places/se/uppsala/facts/kinds.csv
    """,
    MODERATORS: """
        GET facts.freeze_site /moderate/facts
        POST facts.freeze_site /moderate/facts
    """,
    NOBODY: """
        GET facts.edition /facts/1999
        GET facts.network_figure_svg /networks/{network}/facts/made-up.svg
        GET facts.hub_figure_csv /networks/{network}/hubs/{hub}/facts/made-up.csv
        GET facts.hub_figure_svg /networks/{network}/hubs/{hub}/facts/made-up.svg
        GET facts.place_figure_svg /places/se/uppsala/facts/made-up.svg
        GET facts.place_page /places/se/made-up/facts
    """,
}
