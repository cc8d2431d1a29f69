"""Who does what: roles in the value chain against kinds of organisation, and whom to ask for what."""
