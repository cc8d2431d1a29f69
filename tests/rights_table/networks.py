"""Networks: their pages, joining them, and their desks."""

from tests.rights_table.answers import (
    ANYONE,
    DESK_OF_OTHER,
    EDITORS,
    HUB_OF_OTHER,
    MANAGERS,
    MODERATORS,
    NOT_OF_OTHER,
    NOT_THEIRS,
    SIGNED_IN,
)

DESK = """
    GET network_desk.overview /manage/networks/{network}/
    GET network_desk.page /manage/networks/{network}/page
    POST network_desk.page /manage/networks/{network}/page
    GET network_desk.log /manage/networks/{network}/log
    GET network_desk.hubs /manage/networks/{network}/hubs
    GET network_desk.new_hub /manage/networks/{network}/hubs/new
    POST network_desk.new_hub /manage/networks/{network}/hubs/new
    POST network_desk.order_hub /manage/networks/{network}/hubs/{hub}/order
    GET network_desk.categories /manage/networks/{network}/categories
    GET network_desk.new_category /manage/networks/{network}/categories/new
    POST network_desk.new_category /manage/networks/{network}/categories/new
    GET network_desk.members /manage/networks/{network}/members
    GET network_desk.add /manage/networks/{network}/members/add
    POST network_desk.add /manage/networks/{network}/members/add
    GET network_desk.many /manage/networks/{network}/members/list
    POST network_desk.many /manage/networks/{network}/members/list
    GET network_desk.people /manage/networks/{network}/people
    POST network_desk.people /manage/networks/{network}/people
    GET network_desk.applications /manage/networks/{network}/applications
"""
"""Pages of the desk of a network that has no member yet."""

TABLE = {
    DESK_OF_OTHER: DESK.replace("{network}", "{other_network}"),
    HUB_OF_OTHER: """
        GET network_desk.hub /manage/networks/{other_network}/hubs/{hub}
        POST network_desk.hub /manage/networks/{other_network}/hubs/{hub}
        GET network_desk.hub_members /manage/networks/{other_network}/hubs/{hub}/members
        POST network_desk.hub_members /manage/networks/{other_network}/hubs/{hub}/members
    """,
    NOT_OF_OTHER: """
        POST network_desk.order_hub /manage/networks/{other_network}/hubs/{own_hub}/order
        GET network_desk.category /manage/networks/{other_network}/categories/{category}
        POST network_desk.category /manage/networks/{other_network}/categories/{category}
        GET network_desk.member /manage/networks/{other_network}/members/{membership}
        POST network_desk.member /manage/networks/{other_network}/members/{membership}
        GET network_desk.application /manage/networks/{other_network}/applications/{application}
        POST network_desk.application /manage/networks/{other_network}/applications/{application}
        POST network_desk.change_invitation /manage/networks/{other_network}/people/invitations/{desk_invitation}
        POST network_desk.remove /manage/networks/{other_network}/people/{desk_grant}
    """,
    NOT_THEIRS: """
        GET network_desk.hub /manage/networks/{other_network}/hubs/{own_hub}
        POST network_desk.hub /manage/networks/{other_network}/hubs/{own_hub}
        GET network_desk.hub_members /manage/networks/{other_network}/hubs/{own_hub}/members
        POST network_desk.hub_members /manage/networks/{other_network}/hubs/{own_hub}/members
    """,
    ANYONE: """
        GET networks.networks /networks
        GET networks.network /networks/{network}
        GET networks.members /networks/{network}/members
        GET networks.members_csv /networks/{network}/members.csv
        GET networks.hub /networks/{network}/hubs/{hub}
        GET joining.join /networks/{network}/join
        POST joining.join /networks/{network}/join?new=1
        GET joining.application /networks/applications/{application_token}
        POST joining.take_back /networks/applications/{application_token}/withdraw
    """,
    SIGNED_IN: """
        GET network_desk.mine /manage/networks
    """,
    EDITORS: """
        GET network_desk.hub /manage/networks/{network}/hubs/{hub}
        POST network_desk.hub /manage/networks/{network}/hubs/{hub}
        GET network_desk.hub_members /manage/networks/{network}/hubs/{hub}/members
        POST network_desk.hub_members /manage/networks/{network}/hubs/{hub}/members
        POST network_desk.remove /manage/networks/{network}/people/{desk_grant}
    """,
    MANAGERS: DESK
    + """
        GET network_desk.category /manage/networks/{network}/categories/{category}
        POST network_desk.category /manage/networks/{network}/categories/{category}
        GET network_desk.member /manage/networks/{network}/members/{membership}
        POST network_desk.member /manage/networks/{network}/members/{membership}
        GET network_desk.application /manage/networks/{network}/applications/{application}
        POST network_desk.application /manage/networks/{network}/applications/{application}
        POST network_desk.change_invitation /manage/networks/{network}/people/invitations/{desk_invitation}
    """,
    MODERATORS: """
        GET site_networks.networks /moderate/networks
        POST site_networks.networks /moderate/networks
        GET site_networks.network /moderate/networks/{network}
        POST site_networks.network /moderate/networks/{network}
        POST site_networks.delete /moderate/networks/{network}/delete
    """,
}
