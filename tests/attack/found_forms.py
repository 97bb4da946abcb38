"""The forms that stand on pages, read as a browser reads them, and what it would send. Stops at sending."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

PLAIN = {"text", "search", "email", "tel", "url", ""}
BUTTONS = {"submit", "button", "image", "reset"}
GOES_BACK = {"edit", "change"}
HARMLESS = "Rutinen var oklar för alla parter."


@dataclass
class Control:
    """One named part of a form. `values` are what may be chosen; the first is what a browser would send."""

    name: str
    kind: str
    value: str = ""
    values: list[str] = field(default_factory=list)
    checked: bool = False

    @property
    def takes_text(self) -> bool:
        return self.kind == "textarea" or self.kind in PLAIN


@dataclass
class FoundForm:
    method: str
    action: str
    controls: list[Control] = field(default_factory=list)

    @property
    def text_names(self) -> list[str]:
        return list(dict.fromkeys(control.name for control in self.controls if control.takes_text))

    @property
    def shape(self) -> tuple[str, frozenset[str]]:
        return self.method, frozenset(control.name for control in self.controls)

    @property
    def buttons(self) -> list[Control]:
        return [control for control in self.controls if control.kind in BUTTONS and control.name not in GOES_BACK]

    def values(self, button: int = 0, **texts: str) -> list[tuple[str, str]]:
        """What is sent when the button is pressed: everything filled in, and `texts` in the fields of that name."""
        sent: list[tuple[str, str]] = []
        radios: set[str] = set()
        for control in self.controls:
            if control.kind in BUTTONS or control.kind == "file":
                continue
            if control.name in texts and control.kind not in {"radio", "checkbox", "select"}:
                sent.append((control.name, texts[control.name]))
            elif control.kind == "radio":
                if control.name not in radios:
                    radios.add(control.name)
                    sent.append((control.name, self._chosen(control.name)))
            elif control.kind == "checkbox":
                sent.append((control.name, control.value or "y"))
            else:
                sent.append((control.name, control.value or _filled(control)))
        pressed = self.buttons[button : button + 1]
        return sent + [(control.name, control.value) for control in pressed if control.name]

    def _chosen(self, name: str) -> str:
        choices = [control for control in self.controls if control.kind == "radio" and control.name == name]
        return next((control.value for control in choices if control.checked), choices[-1].value)


def _filled(control: Control) -> str:
    if control.kind == "email":
        return "nagon@habo.example"
    if control.takes_text:
        return HARMLESS
    if control.kind == "select":
        return next((value for value in control.values if value), "")
    return {"date": "2026-12-01", "time": "10:00", "number": "3"}.get(control.kind, "")


def forms_of(page: str) -> list[FoundForm]:
    reader = _Reader()
    reader.feed(page)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[FoundForm] = []
        self._form: FoundForm | None = None
        self._by_id: dict[str, FoundForm] = {}
        self._open: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = FoundForm(given.get("method", "get").lower(), given.get("action", ""))
            self.forms.append(self._form)
            self._by_id[given.get("id", "")] = self._form
        elif tag == "option" and self._open is not None and self._open.kind == "select":
            value = given.get("value", "")
            self._open.values.append(value)
            if "selected" in given:
                self._open.value = value
        elif tag in {"input", "textarea", "select", "button"}:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        form = self._by_id.get(given["form"]) if "form" in given else self._form
        kind = given.get("type", "submit" if tag == "button" else "").lower() if tag in {"input", "button"} else tag
        control = Control(given.get("name", ""), kind, given.get("value", ""), checked="checked" in given)
        if tag in {"textarea", "select"}:
            self._open = control
        if form is not None and (control.name or kind in BUTTONS) and "disabled" not in given:
            form.controls.append(control)

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._open.kind == "textarea":
            self._open.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag in {"textarea", "select"}:
            self._open = None
