"""A reporter's browser over a real socket: one form page, and as many reports as wanted. Nothing but HTTP."""

from __future__ import annotations

import http.client
import re
import uuid
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

TIMEOUT = 60.0
FORM = "/anmal/sodra-vatterbygden"
TEXT = "Kontoret hänvisade till webben och webben till kontoret."


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: dict[str, str]


class Browser:
    """Keeps its cookies."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self._cookies: dict[str, str] = {}
        self._token = ""
        self.choices: dict[str, str] = {}

    def another(self) -> Browser:
        """Somebody else at the same server."""
        return Browser(self.address)

    def alive(self) -> bool:
        try:
            return self.get("/healthz").status == http.client.OK
        except OSError:
            return False

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def open_form(self, path: str = FORM) -> Browser:
        """Look at the report form: token and choices are kept for the reports to come."""
        page = self.get(path)
        assert page.status == http.client.OK, page.status
        self._token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]
        self.choices = {name: value for value, name in re.findall(r'<option value="(\d+)">([^<]+)<', page.text)}
        return self

    def report(self, submission_id: str | None = None, path: str = FORM, **changes: str) -> Answer:
        """Send one report about Arbetsförmedlingen (in Habo, where the form has it); 302 is success."""
        values = {
            "csrf_token": self._token,
            "submission_id": submission_id or str(uuid.uuid4()),
            "what_happened": TEXT,
            "concerned_organisation": self.choices["Arbetsförmedlingen"],
            "municipality": self.choices.get("Habo", ""),
            **changes,
        }
        return self._ask("POST", path, values)

    def _ask(self, method: str, path: str, values: dict[str, str] | None) -> Answer:
        connection = http.client.HTTPConnection(*self.address, timeout=TIMEOUT)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        body = urlencode(values) if values is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Answer(response.status, text, dict(response.headers.items()))
