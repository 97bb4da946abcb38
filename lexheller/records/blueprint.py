"""The one blueprint of the diary's and the release pages, and their addresses. Each `*_views` module adds its own."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("records", __name__)

ID = "int(max=2147483647)"
DIARY = "/diarium/<federation>"
ENTRY = f"{DIARY}/<{ID}:entry_id>"
RELEASES = "/utlamnande/<federation>"
RELEASE = f"{RELEASES}/<{ID}:request_id>"
DOCUMENT = f"{RELEASE}/handlingar/<{ID}:document_id>"
COPY = f"{RELEASE}/kopior/<{ID}:copy_id>"
PACKAGE = f"{RELEASE}/paket/<{ID}:package_id>"
