"""Public needs."""

from tests.rights_table.answers import ANYONE, DESK_OF_OTHER, EDITORS, EDITORS_UNASKED, MANAGERS, MODERATORS, SIGNED_IN

TABLE = {
    DESK_OF_OTHER: """
        GET needs.waiting_in_network /manage/networks/{other_network}/needs
    """,
    ANYONE: """
        GET needs.needs /needs
        GET needs.need /needs/{open_need}
        GET needs.network_needs /networks/{network}/needs
        GET needs.end_letters {end_of_letters}
        POST needs.end_letters {end_of_letters}
    """,
    SIGNED_IN: """
        GET needs.new_need /needs/new
        POST needs.new_need /needs/new
        GET needs.own_needs /manage/needs
    """,
    EDITORS: """
        GET needs.edit_need /needs/{open_need}/edit
        POST needs.edit_need /needs/{open_need}/edit
        POST needs.change_state /needs/{open_need}
        POST needs.drop /needs/{open_need}/suggestions
        POST needs.watch /needs/watch?listing={facility}
    """,
    EDITORS_UNASKED: """
        GET needs.need /needs/{waiting_need}
    """,
    MANAGERS: """
        GET needs.waiting_in_network /manage/networks/{network}/needs
        GET needs.decide_in_network /manage/networks/{network}/needs/{waiting_need}
        POST needs.decide_in_network /manage/networks/{network}/needs/{waiting_need}
    """,
    MODERATORS: """
        GET needs.waiting /moderate/public-needs
        GET needs.decide /moderate/public-needs/{site_need}
        POST needs.decide /moderate/public-needs/{site_need}
    """,
}
