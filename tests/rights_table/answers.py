"""What everybody is answered, one letter for each of the people."""

ANYONE = "oooooooo"
SIGNED_IN = "sooooooo"
EDITORS = "sfffoooo"
EDITORS_OF_DRAFT = "snnnoooo"
EDITORS_UNASKED = "nnnnoooo"  # the programming interface lets visitors read
MANAGERS = "sffffooo"  # and whoever may accept changes
MANAGERS_OF_DRAFT = "snnnfooo"
MODERATORS = "sfffffoo"
ADMINISTRATORS = "sffffffo"
NOBODY = "nnnnnnnn"
ITS_OWNER = "sonnnnnn"  # a token is revoked by whoever made it
NOT_THEIRS = "snnnnnnn"  # what somebody else has asked, or what is nowhere below an address
NO_TEAM = "snnnffff"  # instruments have no team
THREAD_READERS = "snnnnooo"  # managers, and the desk
THREAD_ANSWERERS = "snnnnoff"  # managers, not the desk
DESK_OF_OTHER = "sffoffoo"  # the other manager is the desk of the second network
HUB_OF_OTHER = "sfooffoo"  # and the other editor that of its hub
NOT_OF_OTHER = "sffnffnn"  # what the first network has is not found below the second's address
