"""What the draft's page and the page that is read before approving are drawn from. Reads; writes nothing."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask_babel import get_locale

from lexheller.accounts.rights import Actor
from lexheller.action_reports import drafting, editions
from lexheller.action_reports.compiling import hash_of
from lexheller.action_reports.draft_forms import CutOffForm, TextsForm
from lexheller.action_reports.drafting import figures_of
from lexheller.action_reports.figure_page import chapters, goals
from lexheller.action_reports.forms_html import page_of
from lexheller.action_reports.outline import CHAPTER_KEYS, HEADING
from lexheller.action_reports.permissions import may_approve
from lexheller.action_reports.reading import language_here
from lexheller.action_reports.rendering import draft_document
from lexheller.action_reports.service import counting
from lexheller.organisations.models import Federation
from lexheller.web.doubts import LOOKS_LIKE, doubts_in
from lexheller.web.forms import Form


def show(
    actor: Actor,
    federation: Federation,
    year: int,
    *,
    texts: TextsForm | None = None,
    cut_off: CutOffForm | None = None,
) -> str:
    """`texts` and `cut_off` are forms that came back with something to put right."""
    data = drafting.report_data(federation, year, to_show=True)
    shown = values(actor, federation, year, data)
    version = shown["draft"].version if shown["draft"] else 0
    if texts is None:
        texts = TextsForm(formdata=None, prefix="text", data={**data["texts"], "version": version})
    if cut_off is None:
        there = {"cut_off": shown["stage"].cut_off, "version": version}
        cut_off = CutOffForm(formdata=None, prefix="cut", data=there)
    return render_template(
        "action_reports/draft.html",
        year=year,
        texts=texts,
        cut_off=cut_off,
        limits=cut_off.limits(year),
        doubts=doubts_in(texts.texts) if texts.errors.get("looked") else [],
        looks_like=LOOKS_LIKE,
        editions=editions.editions_of(actor, federation.id, year),
        counting=counting(federation, year),
        withdraw_form=Form(),
        longest=drafting.LONGEST_TEXT,
        headings=HEADING,
        **shown,
    )


def values(actor: Actor, federation: Federation, year: int, data: dict[str, Any]) -> dict[str, Any]:
    """What both pages show of the report whose `report_data` is `data`."""
    stage = editions.stage_of(federation, year, data)
    draft = stage.draft
    figures_hash = hash_of(figures_of(data))

    document = draft_document(data, stage, language_here())

    def behind(measure: str, key: str) -> str:
        return url_for("action_reports.cases_behind", federation=federation.slug, year=year, figure=measure, key=key)

    return {
        "report": data,
        "stage": stage,
        "draft": draft,
        "chapters": chapters(data, str(get_locale()), behind, document),
        "document": document,
        "page": page_of(document),
        "goals": goals(data),
        "written": sum(1 for key in CHAPTER_KEYS if data["texts"].get(key)),
        "may_approve": may_approve(actor, federation.id),
        "figures_changed": draft is not None and draft.compiled_hash not in {None, figures_hash},
    }
