"""The table of `test_rights`: who may use which route.

There is a file for each part of the site. Each block in it is headed by what all people are answered, one letter each:
`o` they get on, `s` they are asked to sign in (401 in the programming interface), `f` forbidden (403), `n` they are not
told that there is anything (404). The people, in this order: anonymous, stranger, editor and manager of another
organisation, editor, manager, moderator, administrator.

A line names the method, the route and an address of it; words in braces stand for what `rights_world` has made. What is
`made-up` or not there shows that the route says nothing to anybody; published listings and drafts are tried apart.
"""

from tests.rights_table import (
    accounts,
    api,
    catalogue,
    enquiries,
    facts,
    insight,
    manage,
    moderation,
    needs,
    networks,
    search,
)

PARTS = (accounts, api, catalogue, enquiries, facts, insight, manage, moderation, needs, networks, search)

ROWS = [
    (*line.split(), answers)
    for part in PARTS
    for answers, block in part.TABLE.items()
    for line in block.split("\n")
    if line.strip()
]
"""(method, route, address, answers)"""
