"""Forms as a browser sends them: what a page's form holds, with some fields filled in anew."""

from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from facilities.accounts.models import User
from tests.people import client_of


class FormReader(HTMLParser):
    """Reads the controls of the form whose address begins with `action`, as a browser without scripts would send it."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside, self.template = action, False, 0
        self.values: MultiDict[str, str] = MultiDict()
        self._text: str | None = None
        self._text_name = ""
        self._select: tuple[str, list[tuple[str, bool]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("action", "").startswith(self.action)
        if tag == "template":
            self.template += 1
        if not self.inside or self.template or "disabled" in given:
            return
        if tag == "input" and "name" in given:
            ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
            if ticked and given.get("type") != "submit":
                self.values.add(given["name"], given.get("value", "on"))
        elif tag == "textarea":
            self._text, self._text_name = "", given["name"]
        elif tag == "select":
            self._select = (given["name"], [])
        elif tag == "option" and self._select:
            self._select[1].append((given["value"], "selected" in given))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "template":
            self.template -= 1
        if tag == "textarea" and self._text is not None:
            self.values.add(self._text_name, self._text.removeprefix("\r\n").removeprefix("\n").replace("\n", "\r\n"))
            self._text = None
        if tag == "select" and self._select:
            name, options = self._select
            chosen = next((value for value, selected in options if selected), options[0][0])
            self.values.add(name, chosen)
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text += data


def form_in(page: str, action: str) -> MultiDict[str, str]:
    """What the form of the page holds."""
    reader = FormReader(action)
    reader.feed(page)
    assert reader.values, f"the page has no form that goes to {action}"
    return reader.values


class Editor:
    """Somebody with a browser and the right to a listing."""

    def __init__(self, app: Flask, user: User | None) -> None:
        self.client: FlaskClient = client_of(app, user)

    def open(self, path: str) -> MultiDict[str, str]:
        """The form at an address, as it is shown."""
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.status
        return form_in(answer.text, path.partition("?")[0])

    def send(self, path: str, form: MultiDict[str, str], **anew: Any) -> Any:
        """Send the form with some fields filled in anew; a dash in a name is written as two underscores."""
        sent = MultiDict(form)
        for name, value in anew.items():
            sent.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
        return self.client.post(path, data=sent)

    def save(self, path: str, **anew: Any) -> Any:
        """Open a form, fill in some fields anew, send it."""
        return self.send(path, self.open(path), **anew)
