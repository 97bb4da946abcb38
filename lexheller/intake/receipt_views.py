"""Following a report: with the code or a mailed link, and what the reporter may do there. No account."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import abort, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lexheller.accounts.readings import note
from lexheller.accounts.rights import REPORTER
from lexheller.audit.reading_log import Thing
from lexheller.cases.queries import case_of_report, contact_of
from lexheller.cases.reporter_link import report_id_of
from lexheller.core.errors import InvalidInput
from lexheller.intake import reporter_steps
from lexheller.intake.blueprint import blueprint
from lexheller.intake.following import Followed, follow, questions_to
from lexheller.intake.forms import FollowUpForm, NotSolvedForm, OnReceiptForm, ReceiptForm, ReplyForm, StopMailForm
from lexheller.intake.receipt import receipt_values
from lexheller.intake.remembered import FOLLOWED, NEW_RECEIPT, forget, remember, remembered_case
from lexheller.intake.service import case_by_code
from lexheller.organisations.known_names import doubts_here
from lexheller.privacy.refusal import IDENTITY_NUMBER
from lexheller.web.access import public
from lexheller.web.doubts import DOUBTFUL
from lexheller.web.limits import Limit, sender

CODES = Limit("receipt_codes", "10 per minute; 60 per hour")
WORDS = Limit("reporter_words", "30 per minute; 200 per hour")
REPLY, NOT_SOLVED, FOLLOW_UP, STOP_MAIL = "reply", "not_solved", "follow_up", "stop_mail"

REFUSALS: Mapping[str, LazyString] = {
    IDENTITY_NUMBER: _l("Ta bort personnumret. Vi får inte ta emot personnummer."),
    "required": _l("Skriv något i fältet."),
    "replied_already": _l("Du har redan svarat på frågan. Det här svaret är inte sparat."),
    "withdrawn": _l("Frågan behöver inte längre ett svar. Det du skrev är inte sparat."),
    "not_asked": _l("Frågan finns inte längre. Det du skrev är inte sparat."),
    "not_now": _l("Ärendet är redan hos samordnaren igen. Det du skrev är inte sparat."),
    "too_late": _l("Tiden för att skriva här är slut. Det du skrev är inte sparat. Gör gärna en ny anmälan."),
}

Forms = Mapping[str, OnReceiptForm]


@blueprint.get("/kvitto")
@public
def receipt_lookup() -> ResponseReturnValue:
    return render_template("intake/receipt_lookup.html", form=ReceiptForm())


@blueprint.post("/kvitto")
@public
def send_code() -> ResponseReturnValue:
    form = ReceiptForm()
    CODES.check(sender())
    case = case_by_code(form.code.data) if form.validate_on_submit() else None
    if case is None:
        if not form.errors:
            form.put_error("code", _("Ingen anmälan har den koden. Kontrollera koden på ditt kvitto och försök igen."))
        CODES.count(sender())
        return render_template("intake/receipt_lookup.html", form=form), 422
    forget(NEW_RECEIPT)  # whoever types the code has it; the next person at this screen must not see it
    remember(FOLLOWED, case.federation_id, case.report.submission_id)
    return redirect(url_for("intake.receipt_status"))


@blueprint.get("/kvitto/lank/<token>")
@public
def receipt_link(token: str) -> ResponseReturnValue:
    """A mailed link opens the same page as the code, until the link is revoked; the token leaves the address bar."""
    report_id = report_id_of(token)
    contact = contact_of(report_id) if report_id is not None else None
    if contact is None:
        abort(404)
    case = case_of_report(contact.report_id)
    remember(FOLLOWED, case.federation_id, case.report.submission_id, link_version=contact.link_version)
    return redirect(url_for("intake.receipt_status"))


@blueprint.get("/kvitto/anmalan")
@public
def receipt_status() -> ResponseReturnValue:
    """The report whose code or link this browser has shown."""
    case = remembered_case(FOLLOWED)
    if case is None:
        return redirect(url_for("intake.receipt_lookup"))
    note(Thing.RECEIPT, case.id, reader=REPORTER, federation_id=case.federation_id)
    return _status_page(follow(case), {})


@blueprint.post("/kvitto/anmalan/svar")
@public
def send_reply() -> ResponseReturnValue:
    form = ReplyForm(prefix=REPLY)

    def verb(followed: Followed) -> None:
        question = next((each for each in questions_to(followed) if str(each.id) == form.question.data), None)
        if question is None:
            raise InvalidInput("text", "not_asked")
        reporter_steps.reply(followed.now, question, form.text.data, looked=form.has_looked)

    return _taken(REPLY, form, verb, _("Tack! Ditt svar är skickat. Den som frågade får inte veta vem du är."))


@blueprint.post("/kvitto/anmalan/inte-lost")
@public
def send_not_solved() -> ResponseReturnValue:
    form = NotSolvedForm(prefix=NOT_SOLVED)
    return _taken(
        NOT_SOLVED,
        form,
        lambda followed: reporter_steps.say_not_solved(followed, form.text.data, looked=form.has_looked),
        _("Tack för att du berättar. Ärendet är hos samordnaren igen, som läser det du skrev och tar det vidare."),
    )


@blueprint.post("/kvitto/anmalan/uppfoljning")
@public
def send_follow_up() -> ResponseReturnValue:
    form = FollowUpForm(prefix=FOLLOW_UP)
    return _taken(
        FOLLOW_UP,
        form,
        lambda followed: reporter_steps.tell_how_it_went(
            followed, form.answer, form.text.data or "", looked=form.has_looked
        ),
        _("Tack! Bara samordnaren ser ditt svar."),
    )


@blueprint.post("/kvitto/anmalan/sluta-mejla")
@public
def send_stop_mail() -> ResponseReturnValue:
    form = StopMailForm(prefix=STOP_MAIL)
    return _taken(
        STOP_MAIL, form, reporter_steps.stop_mail, _("Klart. Du får inga fler mejl, och länkarna i mejlen är stängda.")
    )


def _taken(name: str, form: OnReceiptForm, verb: Callable[[Followed], object], said: str) -> ResponseReturnValue:
    """One of the reporter's steps: done and told, or the page again with what was written."""
    WORDS.check(sender())
    case = remembered_case(FOLLOWED)
    if case is None or form.number.data != case.number:
        return _lost(form)
    followed = follow(case)
    if not form.validate_on_submit():
        return _status_page(followed, {name: form}), 422
    try:
        verb(followed)
    except InvalidInput as problem:
        if problem.code == DOUBTFUL:
            form.ask_about(doubts_here(followed.now.federation_id, form.written))
        else:
            form.put_error(problem.field, str(REFUSALS[problem.code]))
        return _status_page(followed, {name: form}), 422
    WORDS.count(sender())
    flash(said, "success")
    return redirect(url_for("intake.receipt_status"))


def _lost(form: OnReceiptForm) -> ResponseReturnValue:
    """Shown too long ago, or another report since: the text is given back, and the code asked for again."""
    session.pop(FOLLOWED, None)
    return render_template(
        "intake/receipt_lookup.html", form=ReceiptForm(formdata=None), lost=True, kept=form.data.get("text")
    ), 422


def _status_page(followed: Followed, sent: Forms) -> str:
    forms: dict[str, OnReceiptForm] = {
        REPLY: ReplyForm(prefix=REPLY, formdata=None),
        NOT_SOLVED: NotSolvedForm(prefix=NOT_SOLVED, formdata=None),
        FOLLOW_UP: FollowUpForm(prefix=FOLLOW_UP, formdata=None),
        STOP_MAIL: StopMailForm(prefix=STOP_MAIL, formdata=None),
        **sent,
    }
    values = receipt_values(followed)
    for form in forms.values():
        form.number.data = followed.own.number
    if values["question"] is not None:
        forms[REPLY].question.data = str(values["question"].id)
    return render_template("intake/receipt_status.html", federation=followed.own.federation, forms=forms, **values)
