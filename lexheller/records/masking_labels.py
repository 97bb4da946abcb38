"""What masking says in words: decisions, and why something was not taken."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from lexheller.privacy.masking import MaskDecision

DECISION: Mapping[MaskDecision, LazyString] = {
    MaskDecision.SEAL: _l(
        "Originalet förseglas. Det går att öppna igen, men bara med ett skäl som sparas. Ska orden bort för alltid "
        "förstör en annan person originalet sedan. Ingen kan ensam ta bort ord ur en allmän handling."
    ),
    MaskDecision.DESTROY: _l(
        "Personnumret förstörs genast, eftersom det inte får sparas. Det finns ingenstans kvar och det går inte att "
        "ångra."
    ),
}
DECIDED: Mapping[MaskDecision, LazyString] = {
    MaskDecision.SEAL: _l("Originalet är förseglat"),
    MaskDecision.DESTROY: _l("Orden är förstörda"),
}
SEAL_ENDED = _l("Originalet var förseglat och är nu förstört")
OWN_WORDS = _l("Ord som du skrev")
REFUSED: Mapping[str, LazyString] = {
    "none": _l("Kryssa i minst ett ställe att maska."),
    "not_found": _l("Orden finns inte i texten. Skriv dem som de står där."),
    "required": _l("Fyll i fältet."),
    "too_long": _l("Texten är för lång."),
    "no_room": _l("Den maskade texten får inte plats i fältet. Markera några ord till bredvid."),
    "repeats": _l("Skriv inte de ord som ska döljas. Beskriv dem i stället, till exempel ”ett namn”."),
    "personal_identity_number": _l("Ta bort personnumret. Vi får inte ta emot personnummer."),
    "sealed_number": _l("Ett personnummer får inte sparas i ett original. Det förstörs genast."),
    "number_first": _l("Texten har ett personnummer. Maska bara det först. Maska sedan det andra."),
    "seal_first": _l("Orden förseglas först. Sedan kan en annan person förstöra originalet."),
    "given_by_proposer": _l(
        "Du har fått ditt konto eller din roll av den som förseglade originalet, eller genom en inloggning som den har "
        "slagit på eller ändrat. Då räknas ni inte som två. Låt någon annan förstöra det."
    ),
    "given_by_decider": _l(
        "Du gav den som förseglade originalet dess roll för mindre än 30 dagar sedan, eller ändrade då inloggningen "
        "som gav den. Då räknas ni inte som två. Vänta, eller låt någon annan förstöra det."
    ),
    "role_too_new": _l("Din roll är för ny. Försök igen om en stund."),
    "same_person": _l("Du förseglade originalet, så någon annan måste förstöra det."),
    "sure": _l("Kryssa i rutan för att visa att du förstår att det inte går att ångra."),
}
