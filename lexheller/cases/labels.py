"""Words and tone for what the record knows by codes: statuses, steps, events, reasons, channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from lexheller.cases.dialogue import HandoverDecision, Worked
from lexheller.cases.states import CaseStatus, CloseReason, DutyStatus, Step
from lexheller.privacy.masking import MASKED
from lexheller.web.masked import TEXT_WAS_MASKED


@dataclass(frozen=True, slots=True)
class StatusLabel:
    """`tone` chooses the tag's look; the words alone must say enough."""

    label: LazyString
    tone: str
    next: LazyString


STATUS: Mapping[CaseStatus, StatusLabel] = {
    CaseStatus.RECEIVED: StatusLabel(
        _l("Mottagen"), "new", _l("Anmälan är registrerad och skickas nu till den som kan svara.")
    ),
    CaseStatus.UNROUTED: StatusLabel(_l("Hos samordnaren"), "new", _l("Samordnaren tar reda på vem som kan svara.")),
    CaseStatus.ASSIGNED: StatusLabel(
        _l("Hos ansvarig chef"), "progress", _l("Ansvarig chef har fått ärendet och ska svara.")
    ),
    CaseStatus.ACCEPTED: StatusLabel(
        _l("Chefen arbetar med svaret"), "progress", _l("Ansvarig chef har tagit emot ärendet och förbereder ett svar.")
    ),
    CaseStatus.COLLECTED: StatusLabel(
        _l("Alla har svarat"), "new", _l("Samordnaren läser svaren och skriver ett gemensamt svar.")
    ),
    CaseStatus.ANSWERED: StatusLabel(
        _l("Besvarad"), "done", _l("Svaret finns här. Samordnaren läser det och avslutar sedan ärendet.")
    ),
    CaseStatus.CLOSED: StatusLabel(
        _l("Avslutad"), "neutral", _l("Ärendet är avslutat och räknas med i åtgärdsrapporten.")
    ),
}

DUTY_STATUS: Mapping[DutyStatus, StatusLabel] = {
    DutyStatus.OPEN: StatusLabel(
        _l("Väntar på svar"), "progress", _l("Enheten har fått ett mejl men inte tagit emot än.")
    ),
    DutyStatus.ACCEPTED: StatusLabel(_l("Arbetar med svaret"), "progress", _l("Chefen har tagit emot ärendet.")),
    DutyStatus.ANSWERED: StatusLabel(_l("Har svarat"), "done", _l("Svaret finns på sidan.")),
    DutyStatus.RETURNED: StatusLabel(
        _l("Skickade tillbaka"), "neutral", _l("Enheten menar att ärendet hör till andra.")
    ),
    DutyStatus.WITHDRAWN: StatusLabel(_l("Behöver inte svara"), "neutral", _l("Frågan till enheten togs tillbaka.")),
}

STEP: Mapping[Step, LazyString] = {
    Step.ROUTE: _l("Fördela enligt reglerna"),
    Step.LEAVE_UNROUTED: _l("Lämna till samordnaren"),
    Step.ASSIGN: _l("Skicka till dem som ska svara"),
    Step.ADD_PARTY: _l("Fråga en enhet till"),
    Step.ACCEPT: _l("Ta emot ärendet"),
    Step.SAVE_DRAFT: _l("Spara utkast"),
    Step.ANSWER: _l("Svara"),
    Step.SEND_BACK: _l("Skicka tillbaka"),
    Step.EXTEND: _l("Ge mer tid"),
    Step.DELEGATE: _l("Be en kollega om hjälp"),
    Step.PROPOSE: _l("Föreslå tema eller systemfel"),
    Step.WITHDRAW: _l("Dra tillbaka frågan"),
    Step.REVOKE_LINK: _l("Stäng länken"),
    Step.MOVE_DUE: _l("Flytta sista svarsdag"),
    Step.JOINT_ANSWER: _l("Skriv det gemensamma svaret"),
    Step.ASK_REPORTER: _l("Fråga anmälaren"),
    Step.WITHDRAW_QUESTION: _l("Ta tillbaka frågan"),
    Step.STOP_WAITING: _l("Låt klockan gå igen utan svar"),
    Step.REPLY: _l("Svara på frågan"),
    Step.WRITE_NOTE: _l("Skriv en intern anteckning"),
    Step.CLASSIFY: _l("Ändra uppgifter om ärendet"),
    Step.SETTLE_PROPOSAL: _l("Ta ställning till ett förslag"),
    Step.SHARE_SUMMARY: _l("Visa ärendet för den som anmäler något liknande"),
    Step.LET_THROUGH: _l("Släpp fram"),
    Step.PUBLISH: _l("Publicera"),
    Step.WITHDRAW_PUBLICATION: _l("Ta ner från den öppna sidan"),
    Step.COUNT_OCCURRENCE: _l("Räkna att det hände igen"),
    Step.RECORD_ACTION: _l("Lägg till åtgärd"),
    Step.OFFER_HANDOVER: _l("Lämna över till ett annat förbund"),
    Step.CALL_OFF_HANDOVER: _l("Ta tillbaka erbjudandet"),
    Step.DECLINE_HANDOVER: _l("Säg nej"),
    Step.HAND_OVER: _l("Ta över ärendet"),
    Step.MERGE: _l("Slå ihop med ett annat ärende"),
    Step.UNMERGE: _l("Ta isär ärendena igen"),
    Step.CLOSE: _l("Avsluta"),
    Step.REOPEN: _l("Öppna igen"),
    Step.NOT_SOLVED: _l("Säg att det inte är löst"),
    Step.FOLLOW_UP: _l("Berätta hur det gick"),
}

EVENT: Mapping[str, LazyString] = {
    MASKED: TEXT_WAS_MASKED,
    "case.received": _l("Anmälan kom in"),
    "case.imported": _l("Ärendet fördes in från ett kalkylblad"),
    "case.taken_over": _l("Ärendet togs över från ett annat förbund"),
    "case.routed": _l("Fördelades enligt reglerna"),
    "case.left_unrouted": _l("Ingen regel passade; lämnades till samordnaren"),
    "case.assigned": _l("Samordnaren skickade ärendet vidare"),
    "case.party_added": _l("En enhet till fick frågan"),
    "case.accepted": _l("Ansvarig chef tog emot ärendet"),
    "case.draft_saved": _l("Ett utkast till svar sparades"),
    "case.answered": _l("Ansvarig chef svarade"),
    "case.sent_back": _l("Skickades tillbaka till samordnaren"),
    "case.extended": _l("Svarstiden förlängdes"),
    "case.delegated": _l("En kollega ombads hjälpa till"),
    "case.proposed": _l("Chefen lämnade ett förslag"),
    "case.withdrawn": _l("Enheten behöver inte längre svara"),
    "case.link_revoked": _l("En mejlad länk stängdes"),
    "case.due_moved": _l("Sista svarsdag flyttades"),
    "case.joint_answer_given": _l("Det gemensamma svaret skickades"),
    "case.question_asked": _l("Anmälaren fick en fråga"),
    "case.question_withdrawn": _l("Frågan till anmälaren togs tillbaka"),
    "case.question_unanswered": _l("Anmälaren har inte svarat på frågan; klockan går igen"),
    "case.question_replied": _l("Anmälaren svarade på frågan"),
    "case.note_written": _l("En intern anteckning skrevs"),
    "case.classified": _l("Uppgifter om ärendet ändrades"),
    "case.proposal_settled": _l("Samordnaren tog ställning till ett förslag"),
    "case.summary_shared": _l("Texten till andra som anmäler ändrades"),
    "case.let_through": _l("Samordnaren granskade texten och släppte fram den"),
    "case.published": _l("Publicerades på förbundets öppna sida"),
    "case.publication_withdrawn": _l("Togs ner från den öppna sidan"),
    "case.occurrence_counted": _l("Samma sak hände igen"),
    "case.action_recorded": _l("En åtgärd lades till eller ändrades"),
    "case.handover_offered": _l("Ärendet erbjöds ett annat förbund"),
    "case.handover_called_off": _l("Erbjudandet till det andra förbundet togs tillbaka"),
    "case.handover_declined": _l("Det andra förbundet sa nej"),
    "case.handed_over": _l("Ett annat förbund tog över ärendet"),
    "case.merged": _l("Slogs ihop med ett annat ärende"),
    "case.unmerged": _l("Togs isär från det andra ärendet"),
    "case.closed": _l("Ärendet avslutades"),
    "case.reopened": _l("Ärendet öppnades igen"),
    "case.not_solved": _l("Anmälaren skrev att det inte är löst"),
    "case.follow_up_answered": _l("Anmälaren berättade hur det gick"),
    "case.contact_opened": _l("Anmälarens adress visades"),
    "case.reporter_link_closed": _l("Anmälarens länk stängdes"),
    "case.address_disposed": _l("Anmälarens adress togs bort enligt gallringsplanen"),
    "duty.reminded": _l("Ansvarig chef påmindes"),
    "duty.overdue": _l("Svaret blev försenat"),
    "duty.escalated": _l("Förseningen togs upp högre upp"),
}

CLOSE_REASON: Mapping[CloseReason, LazyString] = {
    CloseReason.SOLVED: _l("Löst: det som brast är rättat"),
    CloseReason.EXPLAINED: _l("Förklarat: det finns ett svar, inget behöver ändras"),
    CloseReason.SYSTEM_FAULT: _l("Lyft som systemfel: frågan drivs vidare"),
    CloseReason.ALREADY_KNOWN: _l("Redan känt: det arbetas redan med det"),
    CloseReason.NOT_A_DEVIATION: _l("Ingen avvikelse: samverkan fungerade som den ska"),
    CloseReason.WRONG_DOOR: _l("Fel väg in: hör till en annan rutin"),
    CloseReason.OTHER: _l("Annat skäl"),
    CloseReason.SAME_EVENT: _l("Samma händelse som ett annat ärende"),
    CloseReason.HANDED_OVER: _l("Överlämnat till ett annat förbund"),
}

CHANNEL: Mapping[str, LazyString] = {
    "phone": _l("Telefon"),
    "meeting": _l("Möte"),
    "letter": _l("Brev"),
    "mail": _l("Mejl"),
    "other": _l("På annat sätt"),
}

WORKED: Mapping[Worked, LazyString] = {
    Worked.YES: _l("Ja, det blev bättre"),
    Worked.PARTLY: _l("Delvis"),
    Worked.NO: _l("Nej, det är som förut"),
}

HANDOVER: Mapping[HandoverDecision, LazyString] = {
    HandoverDecision.ACCEPTED: _l("Togs över"),
    HandoverDecision.DECLINED: _l("Nej"),
    HandoverDecision.CALLED_OFF: _l("Togs tillbaka"),
}

DOUBT: Mapping[str, LazyString] = {
    "unknown_organisation": _l("Organisationen finns inte i förbundets lista."),
    "unknown_municipality": _l("Kommunen hör inte till förbundet."),
    "unknown_category": _l("Kategorin finns inte bland förbundets teman."),
    "unknown_action_type": _l("Åtgärdstypen finns inte i förbundets lista."),
    "missing_action_date": _l("Åtgärden saknar datum och räknas därför inte i åtgärdsrapporten."),
    "unknown_status": _l("Ordet för status är okänt, så ärendet ligger hos samordnaren."),
    "number_in_doubt": _l(
        "Det som stod som diarienummer är inget nummer, eller kan peka ut någon. Ärendet har fått ett nytt nummer. "
        "Orden finns kvar bland ärendets texter, där de går att maska."
    ),
    "dates_out_of_order": _l("Svaret eller åtgärden har ett datum före anmälan."),
}
