"""The demonstration's register beside units and managers: superiors, a substitute, closed days, standard texts."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from lexheller.core import clock
from lexheller.core.db import db
from lexheller.deadlines.calendar import Calendar
from lexheller.demo.data import address
from lexheller.organisations.models import (
    ClosedDay,
    Federation,
    ResponsibleManager,
    StandardText,
    Substitution,
    TextStep,
)

CONFIRMED_AGO, LONG_AGO = timedelta(days=40), timedelta(days=200)
AWAY_IN, AWAY_FOR = timedelta(days=4), timedelta(days=7)
FAR_ENOUGH = timedelta(days=60)  # no duty of today reaches so far
HOW_MANY_CLOSED = 2
SUPERIORS = {
    "chef.fk": ("Birgitta Sjö", "omradeschef.fk"),
    "chef.af": ("Hassan Amiri", "omradeschef.af"),
    "chef.region": ("Gunilla Falk", "verksamhetschef.region"),
    "chef.kommun": ("Mats Ågren", "socialchef.kommun"),
}
AWAY, INSTEAD = "chef.region", ("Petra Sand", "ersattare.region")

TEXTS: tuple[tuple[TextStep, str, str], ...] = (
    (
        TextStep.QUESTION,
        "När och hur ofta?",
        "Tack för din anmälan. För att kunna gå vidare behöver vi veta ungefär när det hände, "
        "och om du har sett samma sak flera gånger. Skriv inga namn eller personnummer.",
    ),
    (
        TextStep.QUESTION,
        "Vilken enhet gäller det?",
        "Vi vill att rätt chef får svara. Vet du vilket kontor eller vilken mottagning det gällde? "
        "Det räcker med ort och verksamhet.",
    ),
    (
        TextStep.ANSWER,
        "Rutinen fanns men följdes inte",
        "Vi har en rutin för det här, men den följdes inte den här gången. Vi har gått igenom rutinen "
        "med alla som berörs, och följer upp på arbetsplatsträffen om en månad.",
    ),
    (
        TextStep.ANSWER,
        "Vi ändrar arbetssätt",
        "Händelsen visar att vårt arbetssätt inte räckte. Från och med nu gör vi så här: … "
        "Vi följer upp om tre månader om det har blivit bättre.",
    ),
    (
        TextStep.JOINT_ANSWER,
        "Parterna har kommit överens",
        "Vi har läst svaren från alla som berörs. Tillsammans gör parterna så här: … Så här följs det upp: …",
    ),
    (
        TextStep.JOINT_ANSWER,
        "Parterna ser olika på saken",
        "Parterna har svarat och ser olika på vad som hände. Det här är de överens om: … "
        "Det som återstår tar vi upp i beredningsgruppen.",
    ),
    (
        TextStep.SEND_BACK,
        "En annan enhet",
        "Det här ligger utanför vårt uppdrag. Den enhet som kan rätta till det är: …",
    ),
    (
        TextStep.SEND_BACK,
        "Vi behöver veta mer",
        "Vi kan inte se att det har hänt hos oss. För att kunna svara behöver vi veta var och ungefär när det var.",
    ),
    (
        TextStep.CLOSE,
        "Rättat",
        "Det som brast är rättat. Tack för att du berättade, det gör skillnad för nästa person.",
    ),
    (
        TextStep.CLOSE,
        "Lyfts vidare",
        "Det här är större än en enskild händelse. Vi tar det vidare till beredningsgruppen, och ärendet "
        "finns kvar som underlag.",
    ),
    (
        TextStep.HAND_OVER,
        "Hör till ett annat förbund",
        "Händelsen gäller en kommun som hör till ett annat samordningsförbund. Vi lämnar över ärendet dit, "
        "och du kan följa det med samma kvittokod.",
    ),
    (
        TextStep.HAND_OVER,
        "Hör till regionens egen rutin",
        "Det här hör till regionens egen avvikelsehantering. Anmäl det gärna där också, så når det rätt verksamhet.",
    ),
    (TextStep.NOTE, "Pratat i telefon", "Pratade med … i dag. Vi kom överens om att …"),
    (TextStep.NOTE, "Att ta upp på mötet", "Tas upp på nästa möte i beredningsgruppen, tillsammans med ärende …"),
)


def furnish(federation: Federation) -> None:
    """Everything that a register has when it is used; the managers and units are there already."""
    _people(federation)
    _closed_days(federation)
    for position, (step, title, text) in enumerate(TEXTS):
        db.session.add(StandardText(federation_id=federation.id, step=step, title=title, text=text, position=position))
    db.session.flush()


def _people(federation: Federation) -> None:
    """A superior for each manager; one manager has not confirmed for long, one will be away soon."""
    today = clock.today()
    by_email = {address(part, federation.slug): part for part in SUPERIORS}
    query = select(ResponsibleManager).where(ResponsibleManager.federation_id == federation.id)
    for manager in db.session.scalars(query):
        part = by_email[manager.email]
        name, superior = SUPERIORS[part]
        manager.superior_name, manager.superior_email = name, address(superior, federation.slug)
        manager.confirmed_on = today - (LONG_AGO if part == "chef.fk" else CONFIRMED_AGO)
    name, part = INSTEAD
    db.session.add(
        Substitution(
            federation_id=federation.id,
            absent_email=address(AWAY, federation.slug),
            name=name,
            email=address(part, federation.slug),
            from_on=today + AWAY_IN,
            to_on=today + AWAY_IN + AWAY_FOR,
            note="Semester",
        )
    )


def _closed_days(federation: Federation) -> None:
    """The next days between a holiday and a weekend."""
    for day in _squeezed(clock.today() + FAR_ENOUGH):
        db.session.add(ClosedDay(federation_id=federation.id, day=day, note="Klämdag"))


def _squeezed(start: date) -> list[date]:
    calendar, one = Calendar(), timedelta(days=1)
    found: list[date] = []
    day = start
    while len(found) < HOW_MANY_CLOSED:
        alone = not calendar.is_working_day(day - one) and not calendar.is_working_day(day + one)
        if calendar.is_working_day(day) and alone:
            found.append(day)
        day += one
    return found
