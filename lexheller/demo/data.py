"""Who and what the demonstration is made of: the three federations of the Jönköping county. Data only, no writing."""

from __future__ import annotations

from dataclasses import dataclass

STATE = (
    ("forsakringskassan", "Försäkringskassan", ("FK", "F-kassan", "Försäkringskassan FK")),
    ("arbetsformedlingen", "Arbetsförmedlingen", ("AF", "Af", "Arbetsförmedling")),
)
REGION = ("region-jonkopings-lan", "Region Jönköpings län", ("Regionen", "RJL", "Region Jönköping"))

MUNICIPALITY_CODES = {
    "Habo": "0643", "Jönköping": "0680", "Mullsjö": "0642", "Vaggeryd": "0665",
    "Gislaved": "0662", "Gnosjö": "0617", "Värnamo": "0683",
    "Aneby": "0604", "Eksjö": "0686", "Nässjö": "0682", "Sävsjö": "0684", "Tranås": "0687", "Vetlanda": "0685",
}  # fmt: skip

GENITIVE = {"Jönköping", "Vaggeryd", "Gislaved", "Vetlanda"}
MUNICIPALITY_ORGANISATIONS = {
    name: f"{name}s kommun" if name in GENITIVE else f"{name} kommun" for name in MUNICIPALITY_CODES
}

THEMES = (
    "Bemötande",
    "Rutiner",
    "Kontaktvägar",
    "Digitala kanaler",
    "Stödformer saknas",
    "Kunskap om uppdrag",
    "Kunskap om funktionsnedsättning",
    "SIP följdes inte",
    "Regler krockar",
    "Utredningsresurser",
    "Informationsöverföring",
    "Samverkansformer okända",
)

ACTION_TYPES = (
    ("information_to_managers", "Information till berörda chefer"),
    ("information_to_politicians", "Information till berörda politiker och förvaltningar"),
    ("samverkanskoppen", "Samverkanskoppen"),
    ("training", "Kompetensutveckling"),
)

REGION_UNITS = ("Vårdcentral", "Psykiatrisk mottagning", "Rehabkoordinator vårdcentral")
INSURANCE_UNITS = ("Handläggning sjukpenning", "Handläggning aktivitetsersättning")
MUNICIPALITY_UNITS = ("Försörjningsstöd", "Arbetsmarknadsenhet", "Funktionsnedsättning")


@dataclass(frozen=True, slots=True)
class DemoFederation:
    slug: str
    name: str
    municipalities: tuple[str, ...]
    activities: tuple[str, ...]
    employment_office: str
    coordinator: str
    director: str
    managers: tuple[str, str, str, str]  # Försäkringskassan, Arbetsförmedlingen, the region, all municipalities


FEDERATIONS = (
    DemoFederation(
        "sodra-vatterbygden",
        "Södra Vätterbygden",
        ("Habo", "Jönköping", "Mullsjö", "Vaggeryd"),
        ("Enter", "NOVA", "FIA", "IT-spåret", "Koll på förmåga"),
        "Lokalkontor Jönköping",
        "Maria Ek",
        "Lars Hedin",
        ("Sara Lund", "Omar Haddad", "Karin Dahl", "Peter Nord"),
    ),
    DemoFederation(
        "finnveden",
        "Finnveden",
        ("Gislaved", "Gnosjö", "Värnamo"),
        ("Samverkansteam Finnveden", "IT-spåret"),
        "Lokalkontor Värnamo",
        "Elin Berg",
        "Anders Holm",
        ("Maja Fors", "Jonas Vik", "Helena Krantz", "Amir Saleh"),
    ),
    DemoFederation(
        "hoglandet",
        "Höglandet",
        ("Aneby", "Eksjö", "Nässjö", "Sävsjö", "Tranås", "Vetlanda"),
        ("SE-Höglandet", "IT-spåret"),
        "Lokalkontor Nässjö",
        "Johan Lilja",
        "Anders Holm",
        ("Ida Ros", "Leyla Demir", "Nils Palm", "Eva Strand"),
    ),
)

MANAGER_PARTS = ("fk", "af", "region", "kommun")
PASSWORD = "moment-22-heller"  # noqa: S105 - the embedded demonstration's, printed at every start
DOMAIN = "example"


def address(part: str, slug: str) -> str:
    """The sign-in of a demo person: `chef.af@sodra-vatterbygden.example`."""
    return f"{part}@{slug}.{DOMAIN}"
