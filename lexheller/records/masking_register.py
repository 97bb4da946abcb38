"""The register of every stored text that people write: where it stands, what it is called, and what it belongs to.

Whatever can be masked stands here or is offered by a room above; a test walks all tables and fails where a column of
words is missing. Stops at the list: reading is `masking_queries`, masking `masking`.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select

from lexheller.actions.models import Action, FollowUp
from lexheller.cases.dialogue import ContactOpening, Feedback, Handover, Note, Occurrence, Proposal, Question
from lexheller.cases.models import Answer, Case, Duty, Report
from lexheller.cases.published import PublishedCase
from lexheller.core.db import db
from lexheller.faults.models import Fault, FaultCase, FaultNews, Pattern
from lexheller.meetings.models import AgendaItem, Meeting
from lexheller.organisations.models import ClosedDay, RegisterChange, StandardText, Substitution
from lexheller.records.masking_models import Masking, SealOpening
from lexheller.records.masking_places import Kind, TextPlace, places_of, rooms_above
from lexheller.records.release_models import ReleaseDocument, ReleaseRequest
from lexheller.routing.models import RuleSet
from lexheller.statements.models import StatementSettings


def _case_of_report(report: Any) -> int | None:
    return db.session.scalar(select(Case.id).where(Case.report_id == report.id))


def _given(answer: Any) -> bool:
    """A draft is nobody's business but the writer's, who can take words out of it."""
    return answer.given_at is not None


CASE_PLACES = (
    *places_of(
        Kind.CASE,
        Report,
        {
            "what_happened": _l("Anmälan: vad hände"),
            "consequence": _l("Anmälan: vad det ledde till"),
            "done_at_once": _l("Anmälan: vad som gjordes direkt"),
            "proposal": _l("Anmälan: förslag till förbättring"),
            "reporting_unit": _l("Anmälan: enhet som anmälde"),
            "concerned_unit": _l("Anmälan: enhet som det gäller"),
            "as_given": _l("Anmälan: ord ur registret det kom från"),
        },
        belongs=lambda case_id: Report.id == select(Case.report_id).where(Case.id == case_id).scalar_subquery(),
        subject_of=_case_of_report,
    ),
    *places_of(
        Kind.CASE, Case, {"conclusion": _l("Slutsats"), "shared_summary": _l("Sammanfattning för andra")}, owner="id"
    ),
    *places_of(
        Kind.CASE,
        Answer,
        {
            "cause": _l("Svar: orsak"),
            "steps_taken": _l("Svar: vidtagna steg"),
            "consequence": _l("Svar: konsekvens"),
            "follow_up": _l("Svar: uppföljning"),
        },
        owner="case_id",
        counts=_given,
    ),
    *places_of(
        Kind.CASE,
        Duty,
        {"extension_reason": _l("Skäl till mer tid"), "return_reason": _l("Skäl till att ärendet skickades tillbaka")},
        owner="case_id",
    ),
    *places_of(
        Kind.CASE,
        Question,
        {"text": _l("Fråga till den som anmälde"), "reply": _l("Svar från den som anmälde")},
        owner="case_id",
    ),
    *places_of(Kind.CASE, Note, {"text": _l("Intern anteckning")}, owner="case_id"),
    *places_of(Kind.CASE, Proposal, {"why": _l("Förslag från en chef")}, owner="case_id"),
    *places_of(Kind.CASE, Feedback, {"text": _l("Återkoppling från den som anmälde")}, owner="case_id"),
    *places_of(Kind.CASE, Occurrence, {"what_happened": _l("Ytterligare händelse")}, owner="case_id"),
    *places_of(Kind.CASE, ContactOpening, {"reason": _l("Skäl att visa anmälarens adress")}, owner="case_id"),
    *places_of(
        Kind.CASE,
        Handover,
        {
            "reason": _l("Överlämning: skäl"),
            "text_to_reporter": _l("Överlämning: text till den som anmälde"),
            "decision_reason": _l("Överlämning: svar från det andra förbundet"),
        },
        owner="case_id",
    ),
    *places_of(
        Kind.CASE,
        PublishedCase,
        {
            "heading": _l("Publicerat: rubrik"),
            "happened": _l("Publicerat: vad som hände"),
            "led_to": _l("Publicerat: vad det ledde till"),
            "withdrawal_reason": _l("Publicerat: skäl att ta bort det"),
        },
        owner="case_id",
    ),
)

FAULT_PLACES = (
    *places_of(
        Kind.FAULT,
        Fault,
        {
            "title": _l("Rubrik"),
            "what_happens": _l("Vad som händer"),
            "broken_what": _l("Vad som brister"),
            "who_is_hit": _l("Vem som drabbas"),
            "cause": _l("Orsak"),
            "way_round": _l("Väg runt felet"),
            "decision": _l("Beslut"),
            "former_decisions": _l("Tidigare beslut"),
            "ending": _l("Hur det slutade"),
        },
        owner="id",
    ),
    *places_of(
        Kind.FAULT,
        FaultCase,
        {"why": _l("Skäl att koppla ett ärende"), "unlink_why": _l("Skäl att koppla bort ett ärende")},
        owner="fault_id",
    ),
    *places_of(Kind.FAULT, FaultNews, {"text": _l("Berättat för en som anmälde")}, owner="fault_id"),
)

ACTION_PLACES = (
    *places_of(
        Kind.ACTION,
        Action,
        {
            "description": _l("Vad som ska göras"),
            "who": _l("Vem som gör det"),
            "done_what": _l("Vad som gjordes"),
            "cancel_why": _l("Skäl att ställa in"),
            "reopen_why": _l("Skäl att öppna igen"),
        },
        owner="id",
    ),
    *places_of(Kind.ACTION, FollowUp, {"why": _l("Bedömning av effekten")}, owner="action_id"),
)

MEETING_PLACES = (
    *places_of(Kind.MEETING, Meeting, {"place": _l("Plats"), "note": _l("Anteckning")}, owner="id"),
    *places_of(
        Kind.MEETING,
        AgendaItem,
        {
            "why": _l("Punkt: vad gruppen ska ta ställning till"),
            "title": _l("Punkt: rubrik"),
            "what": _l("Punkt: vad som händer"),
            "how_often": _l("Punkt: hur ofta"),
            "between": _l("Punkt: mellan vilka"),
            "tried": _l("Punkt: vad som har prövats"),
            "proposed": _l("Punkt: förslag till beslut"),
            "decision": _l("Punkt: beslut"),
            "decided_who": _l("Punkt: vem som gör det"),
        },
        owner="meeting_id",
    ),
)

FEDERATION_PLACES = tuple(
    place
    for model, columns in (
        (Pattern, {"settle_why": _l("Skäl till vad som gjordes med ett mönster")}),
        (StandardText, {"title": _l("Standardtext: rubrik"), "text": _l("Standardtext")}),
        (ClosedDay, {"note": _l("Anteckning till en stängd dag")}),
        (Substitution, {"note": _l("Anteckning till en vikarie")}),
        (RuleSet, {"note": _l("Anteckning till en regelversion")}),
        (
            ReleaseRequest,
            {
                "asked_for": _l("Begäran: vad någon vill ha ut"),
                "asked_by": _l("Begäran: vem som frågar"),
                "answer_to": _l("Begäran: vart svaret ska"),
            },
        ),
        (ReleaseDocument, {"own_words": _l("Begäran: egna ord till ett beslut")}),
        (StatementSettings, {"shortcomings": _l("Tillgänglighet: det som brister")}),
        (
            RegisterChange,
            {
                "note": _l("Historik: anteckning"),
                "before": _l("Historik: som det var före"),
                "after": _l("Historik: som det blev"),
            },
        ),
    )
    for place in places_of(Kind.FEDERATION, model, columns, owner="federation_id")
)


def _about_masking(kind: Kind) -> tuple[TextPlace, ...]:
    """What is written when a text is masked, or its original opened, is words too."""

    def of_masking(subject_id: int) -> ColumnElement[bool]:
        return (Masking.kind == kind) & (Masking.subject_id == subject_id)

    def of_opening(subject_id: int) -> ColumnElement[bool]:
        return SealOpening.masking_id.in_(select(Masking.id).where(of_masking(subject_id)))

    return (
        *places_of(
            kind,
            Masking,
            {"why": _l("Skäl att maska"), "destroyed_why": _l("Skäl att förstöra ett original")},
            belongs=of_masking,
            subject_of=lambda row: row.subject_id if row.kind == kind else None,
        ),
        TextPlace(
            kind,
            SealOpening,
            "reason",
            _l("Skäl att öppna ett original"),
            belongs=of_opening,
            subject_of=lambda row: row.masking.subject_id if row.masking.kind == kind else None,
        ),
    )


OWN_PLACES = (
    *CASE_PLACES,
    *FAULT_PLACES,
    *ACTION_PLACES,
    *MEETING_PLACES,
    *FEDERATION_PLACES,
    *(place for kind in Kind for place in _about_masking(kind)),
)


def all_places() -> tuple[TextPlace, ...]:
    """Everything that can be masked, in the order in which it is shown."""
    return (*OWN_PLACES, *(place for above in rooms_above() for place in above.places))


def of_kind(kind: Kind) -> tuple[TextPlace, ...]:
    return tuple(place for place in all_places() if place.kind is kind)
