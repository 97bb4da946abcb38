"""Cases in which more happens than one question and one answer: several parties, a question, more time, not solved …

Told through the verbs, with the clock put to when it happened, like `demo.fill`; each tale is one function. A tale is
told in one transaction and names its own submission, so that an interrupted filling goes on where it stopped.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

from lexheller.accounts.queries import actor_for, user_by_email
from lexheller.accounts.rights import Actor
from lexheller.cases.dialogue import ProposalKind
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import live_duties
from lexheller.cases.states import CloseReason
from lexheller.casework import answering, asking, beside, closing, describing, handing_over, sending
from lexheller.core import clock
from lexheller.core.jobs import run_waiting_now
from lexheller.demo import data
from lexheller.demo.moments import working_moment
from lexheller.intake.following import follow
from lexheller.intake.occurrences import count_occurrence
from lexheller.intake.reporter_steps import say_not_solved
from lexheller.intake.service import Channel, Submission, register_on_behalf, submit
from lexheller.organisations import queries as organisations
from lexheller.organisations.models import Federation, Unit

FK, AF, REGION = "Försäkringskassan", "Arbetsförmedlingen", data.REGION[1]


@dataclass(frozen=True, slots=True)
class Teller:
    """One federation's tales: its people, and how to put the clock and to file."""

    federation: Federation
    wanted: data.DemoFederation

    @property
    def coordinator(self) -> Actor:
        return self._actor(data.address("samordnare", self.wanted.slug))

    def manager(self, duty: Duty) -> Actor:
        """Whoever is responsible for the duty's unit."""
        return self._actor(organisations.responsible_managers(duty.unit_id, clock.today())[0].email)

    def days_ago(self, days: int, hour: int = 10) -> AbstractContextManager[None]:
        """On that day or the next working day, never later than now."""
        return clock.at(working_moment(self.federation, clock.today() - timedelta(days=days), 0, hour=hour))

    def report(self, name: str, what_happened: str, about: str | None, **more: str | bool) -> Case:
        case = submit(self.federation, self.submission(name, what_happened, about, **more))
        run_waiting_now()
        return case

    def submission(self, name: str, what_happened: str, about: str | None, **more: str | bool) -> Submission:
        parties = {row.name: row.id for row in organisations.organisations(self.federation.id)}
        place = next(
            row for row in organisations.municipalities(self.federation.id) if row.name == self.wanted.municipalities[0]
        )
        consequence, email = more.get("consequence"), more.get("email")
        return Submission(
            submission_id=submission_id(self.wanted, name),
            what_happened=what_happened,
            reporting_organisation_id=parties[data.MUNICIPALITY_ORGANISATIONS[place.name]],
            concerned_organisation_id=parties[about] if about else None,
            municipality_id=place.id,
            consequence=str(consequence) if consequence else None,
            reporter_email=str(email) if email else None,
            stay_unknown=bool(more.get("stay_unknown", False)),
        )

    def unit(self, organisation: str, position: int = 0) -> Unit:
        found = [row for row in organisations.units(self.federation.id) if row.organisation.name == organisation]
        return found[position]

    def ask_both(self, case: Case) -> tuple[Duty, Duty]:
        first, second = sending.assign(self.coordinator, case, [self.unit(AF), self.unit(FK)], seen=case.version)
        run_waiting_now()
        return first, second

    def answer(self, case: Case, duty: Duty, steps_taken: str, cause: str = "") -> None:
        texts = {
            "cause": cause,
            "steps_taken": steps_taken,
            "consequence": "",
            "follow_up": "Vi stämmer av om ett halvår.",
        }
        answering.answer(self.manager(duty), case, duty, texts, seen=duty.version)
        run_waiting_now()

    def theme(self, case: Case, label: str) -> None:
        describing.classify(
            self.coordinator,
            case,
            theme=next(row for row in organisations.themes(self.federation.id) if row.label == label),
            municipality=case.municipality,
            organisation=case.concerned_organisation,
            seen=case.version,
        )

    def email(self, name: str) -> str:
        return f"anmalare.{name}@{self.wanted.slug}.{data.DOMAIN}"

    @staticmethod
    def _actor(email: str) -> Actor:
        user = user_by_email(email)
        if user is None:
            raise LookupError(email)
        return actor_for(user)


def submission_id(wanted: data.DemoFederation, name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"demo:{wanted.slug}:{name}"))


def two_parties(teller: Teller) -> None:
    """One has answered, the other works on it."""
    with teller.days_ago(16):
        case = teller.report(
            "two-parties",
            "Båda kontoren väntade på att det andra skulle kalla till möte. Ingen gjorde det på två månader.",
            AF,
            consequence="Arbetsträningen som var klar att börja blev inte av.",
            email=teller.email("parter"),
        )
    with teller.days_ago(15):
        first, second = teller.ask_both(case)
        teller.theme(case, "Rutiner")
    with teller.days_ago(9):
        teller.answer(case, first, "Vi kallar nu till mötet när vi har ärendet först.", "Ingen hade utpekat ansvar.")
    with teller.days_ago(8):
        answering.accept(teller.manager(second), case, second, seen=second.version)


def all_have_answered(teller: Teller) -> None:
    """The joint answer is the coordinator's to write."""
    with teller.days_ago(22):
        case = teller.report(
            "collected",
            "Personen fick två olika planeringar som inte gick att följa samtidigt.",
            FK,
            email=teller.email("planering"),
        )
    with teller.days_ago(21):
        first, second = teller.ask_both(case)
        teller.theme(case, "Informationsöverföring")
        text = "Frågade vår registrator: två planeringar är registrerade samma vecka."
        beside.write_note(teller.coordinator, case, text)
    with teller.days_ago(6):
        teller.answer(case, first, "Vi stämmer av med Försäkringskassan innan en planering skrivs under.")
    with teller.days_ago(4):
        teller.answer(
            case, second, "Vi har lagt in en fast avstämning varannan vecka.", "Mötesformen hade fallit bort."
        )


def asked(teller: Teller) -> None:
    """A question waits for the reporter, and the clock stands still."""
    with teller.days_ago(11):
        case = teller.report(
            "question",
            "Remissen kom tillbaka tre gånger utan att någon sa vad som fattades.",
            REGION,
            email=teller.email("remiss"),
            stay_unknown=True,
        )
    with teller.days_ago(7):
        duty = live_duties(case.id)[0]
        answering.accept(teller.manager(duty), case, duty, seen=duty.version)
    with teller.days_ago(3):
        text = "Minns du om remissen skickades med brev eller digitalt?"
        asking.ask_reporter(teller.manager(duty), case, text, duty=duty, seen=case.version)
        run_waiting_now()


def more_time(teller: Teller) -> None:
    """The manager asked for five days more, and proposes that the system is at fault."""
    with teller.days_ago(24):
        case = teller.report(
            "more-time", "Försörjningsstöd räknades ner under en praktik som en annan myndighet hade beslutat om.", FK
        )
    with teller.days_ago(5):
        duty = live_duties(case.id)[0]
        manager = teller.manager(duty)
        answering.accept(manager, case, duty, seen=duty.version)
        reason = "Juristen på huvudkontoret behöver titta på frågan."
        answering.extend(manager, case, duty, 5, reason, seen=duty.version)
        why = "Reglerna krockar. Det lär hända igen, oavsett vem som handlägger."
        beside.propose(manager, case, duty, ProposalKind.SYSTEM_FAULT, theme=None, why=why)
        text = "Fråga juristen om undantaget i 9 kap."
        beside.write_note(manager, case, text, duty=duty)


def not_ours(teller: Teller) -> None:
    """Sent back with a reason and the unit that it belongs to."""
    with teller.days_ago(6):
        case = teller.report(
            "not-ours", "Provtagningen måste göras om eftersom svaret skickades till fel mottagning.", REGION
        )
    with teller.days_ago(3):
        duty = live_duties(case.id)[0]
        proposed = teller.unit(REGION)
        reason = "Provsvar går till den psykiatriska mottagningen. Vi har inte tillgång till dem."
        answering.send_back(teller.manager(duty), case, duty, reason, proposed=proposed, seen=duty.version)
        run_waiting_now()


def not_solved(teller: Teller) -> None:
    """Answered, closed, and back again: the reporter says why."""
    with teller.days_ago(48):
        case = teller.report(
            "not-solved",
            "Telefonkön stängde varje dag innan någon svarade.",
            AF,
            email=teller.email("telefon"),
        )
    with teller.days_ago(30):
        duty = live_duties(case.id)[0]
        teller.answer(case, duty, "Vi har öppnat en egen telefontid för samarbetspartner.")
        teller.theme(case, "Kontaktvägar")
    with teller.days_ago(18):
        conclusion = "En egen telefontid finns nu på vardagar."
        closing.close(teller.coordinator, case, CloseReason.SOLVED, conclusion, seen=case.version)
        run_waiting_now()
    with teller.days_ago(2):
        say_not_solved(follow(case), "Telefontiden finns på papperet, men ingen svarade på den förra veckan heller.")
        run_waiting_now()


def shared(teller: Teller) -> None:
    """Others met the same thing: counted on the case instead of being reports of their own."""
    summary = "Personer utan e-legitimation kan inte boka tid till inskrivningen."
    with teller.days_ago(34):
        case = teller.report(
            "shared", "Utan e-legitimation gick det inte att boka tid till inskrivningen på fem veckor.", AF
        )
    with teller.days_ago(33):
        describing.share_summary(teller.coordinator, case, summary, seen=case.version)
        teller.theme(case, "Digitala kanaler")
    for number, days in enumerate((19, 12, 4)):
        with teller.days_ago(days):
            text = "Samma sak hos oss: ingen väg in utan e-legitimation."
            count_occurrence(teller.federation, teller.submission(f"too-{number}", text, AF), case.id)
    with teller.days_ago(20):
        teller.answer(case, live_duties(case.id)[0], "Kontoret tar emot bokningar vid disken igen.")


def merged(teller: Teller) -> None:
    """Two reports of one event, put together."""
    with teller.days_ago(13):
        first = teller.report(
            "event-1", "Mötet om planeringen ställdes in samma morgon, och alla fick inte veta det.", FK
        )
        second = teller.report(
            "event-2", "Jag åkte till ett planeringsmöte som var inställt. Ingen hade sagt något.", FK
        )
    with teller.days_ago(12):
        closing.merge(teller.coordinator, second, first, seen=second.version)
        run_waiting_now()


def by_phone(teller: Teller) -> None:
    """The coordinator wrote down what somebody told."""
    with teller.days_ago(2):
        submission = teller.submission(
            "phone", "En handläggare berättar att SIP-kallelser går till en adress som upphörde.", None
        )
        register_on_behalf(teller.coordinator, teller.federation, submission, Channel.PHONE, clock.today())
        run_waiting_now()


def wrong_door(teller: Teller) -> None:
    """Offered to a neighbouring federation, which has not answered yet."""
    neighbours = [row for row in organisations.federations() if row.id != teller.federation.id]
    with teller.days_ago(3):
        case = teller.report("door", "Insatsen ligger i grannförbundet, men blanketten skickades hit.", None)
    with teller.days_ago(2):
        handing_over.offer(
            teller.coordinator,
            case,
            neighbours[0],
            "Insatsen drivs hos er och berör inget av våra kontor.",
            "Din anmälan gäller en insats i ett annat förbund. Vi har frågat om de tar över den.",
            seen=case.version,
        )
        run_waiting_now()


TALES: dict[str, Callable[[Teller], None]] = {
    "not-solved": not_solved,
    "shared": shared,
    "more-time": more_time,
    "collected": all_have_answered,
    "two-parties": two_parties,
    "event-1": merged,
    "question": asked,
    "not-ours": not_ours,
    "door": wrong_door,
    "phone": by_phone,
}
"""By the name of a tale's first submission, in the order in which they are told."""
