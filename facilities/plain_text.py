"""Text that others wrote, made printable: what stands in a form or came by mail."""


def lines(text: str | None) -> str:
    """Lines of printable characters, without blanks around the whole."""
    rows = (text or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(map(_printable, row)).rstrip() for row in rows).strip()


def _printable(character: str) -> str:
    """The character; a plain blank for any other kind of blank, nothing for what has no looks."""
    return character if character.isprintable() else " " * character.isspace()
