"""The text block's sentences in Swedish. Wording only: the figures are given, and no number is worked out."""

from collections.abc import Collection, Sequence

from lexheller.action_reports.action_texts import Items, collected, is_tail, lowered, reading_for
from lexheller.action_reports.blocks import ActionGroup, Figures, GroupText, joined
from lexheller.statistics.rules import Trend

_WORDS = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
_CHANGE = {
    Trend.INCREASE: "en ökning från",
    Trend.CONTINUED_INCREASE: "en fortsatt ökning från",
    Trend.DECREASE: "en minskning från",
    Trend.CONTINUED_DECREASE: "en fortsatt minskning från",
}
_RISING = (
    "Ökningen behöver inte betyda att samverkan fungerar sämre, utan kan visa att fler medarbetare känner "
    "till Lex Heller och använder möjligheten att anmäla."
)
_FALLING = (
    "Minskningen behöver inte betyda att bristerna har blivit färre; den kan också bero på att färre "
    "medarbetare känner till Lex Heller eller använder möjligheten att anmäla."
)
_SILENT = (
    "Det behöver inte betyda att allt har fungerat; det kan också bero på att få medarbetare känner till "
    "möjligheten att anmäla."
)


def lead(figures: Figures, trend: Trend) -> str:
    """How many reports came in, against the year before, what that means, and how far they have come."""
    return " ".join(filter(None, (_received(figures, trend), _meaning(figures, trend), _handled(figures))))


def actions(total: int, groups: int) -> str:
    """The opening of what was done; empty when one group's own sentence says it all."""
    if total == 0:
        return "Inga åtgärder är registrerade för året."
    return f"Sammanlagt vidtogs {in_words(total)} åtgärder." if groups > 1 else ""


def group(actions: ActionGroup, names: Collection[str]) -> GroupText:
    """What was done of one type, in one or two sentences."""
    items = _items(actions, names)
    sentence = _opening(actions, names) + _details(actions, items)
    return GroupText(actions.key, actions.count, sentence, tuple(item.text for item in items.shown))


def in_words(number: float, one: str = "en") -> str:
    """A count or an average as it stands in running text: words to twelve, then digits. `one`: its gender."""
    if number == 1:
        return one
    if number == int(number):
        return _WORDS[int(number)] if number < len(_WORDS) else str(int(number))
    return f"{number:.1f}".replace(".", ",")


def _times(count: int) -> str:
    return f"{in_words(count)} {'gång' if count == 1 else 'gånger'}"


def _received(figures: Figures, trend: Trend) -> str:
    received, previous = figures.received, figures.previous
    digits = max(received, previous or 0) >= len(_WORDS) and received > 1
    number = str(received) if digits else in_words(received)
    reports = (
        f"{'ingen' if received == 0 else number} Lex Heller-anmälan"
        if received < 2
        else f"{number} Lex Heller-anmälningar"
    )
    came = f"Under {figures.year} kom {reports} in till {figures.federation_name}"
    if trend is Trend.FIRST_YEAR:
        return f"{came}. Det finns inget tidigare år att jämföra med."
    if trend is Trend.UNCHANGED:
        return f"{came}, {'lika många som' if received > 1 else 'liksom'} året före."
    if previous is None:
        return f"{came}, {_CHANGE[trend]} året före."
    if previous == 0:
        return f"{came}. Året före kom ingen."
    return f"{came}, {_CHANGE[trend]} {str(previous) if digits else in_words(previous)} året före."


def _meaning(figures: Figures, trend: Trend) -> str:
    if figures.received == 0:
        return _SILENT
    if trend in (Trend.INCREASE, Trend.CONTINUED_INCREASE):
        return _RISING
    return _FALLING if trend in (Trend.DECREASE, Trend.CONTINUED_DECREASE) else ""


def _handled(figures: Figures) -> str:
    if figures.received == 0:
        return ""
    known = [
        (count, word, words)
        for count, word, words in (
            (figures.answered, "besvarad", "besvarade"),
            (figures.closed, "avslutad", "avslutade"),
        )
        if count is not None
    ]
    said = _handled_one(known) if figures.received == 1 else _handled_many(known, figures.received)
    return " ".join(filter(None, (said, _median(figures))))


def _handled_one(known: list[tuple[int, str, str]]) -> str:
    done = [word for count, word, _ in known if count]
    undone = [word for count, word, _ in known if not count]
    if not known:
        return ""
    if not done:
        return f"Anmälan är ännu inte {' eller '.join(undone)}."
    return f"Anmälan är {' och '.join(done)}{f' men ännu inte {undone[0]}' if undone else ''}."


def _handled_many(known: list[tuple[int, str, str]], received: int) -> str:
    if not known:
        return ""
    if all(count == received for count, _, _ in known):
        return f"Samtliga anmälningar är {' och '.join(words for _, _, words in known)}."
    parts = [
        f"{'alla' if count == received else 'ingen' if count == 0 else in_words(count)} {words if count > 1 else word}"
        for count, word, words in known
    ]
    return f"Av anmälningarna är {' och '.join(parts)}."


def _median(figures: Figures) -> str:
    if figures.median_days is None or figures.answered == 0:
        return ""
    days = f"{in_words(figures.median_days)} {'dag' if figures.median_days == 1 else 'dagar'}"
    if 1 in (figures.answered, figures.received):
        return f"Svaret kom efter {days}."
    return f"Mediantiden till svar var {days}."


def _items(actions: ActionGroup, names: Collection[str]) -> Items:
    return collected(actions.texts, actions.count or len(actions.texts), reading_for(actions.key, actions.label), names)


def _opening(actions: ActionGroup, names: Collection[str]) -> str:
    if actions.count is None:
        return _opening_without_number(actions, names)
    count = actions.count
    match actions.key:
        case "information_to_managers":
            return f"Berörda chefer informerades {_times(count)}"
        case "information_to_politicians":
            return f"Berörda politiker och förvaltningar informerades {_times(count)}"
        case "samverkanskoppen":
            return f"Samverkanskoppen hölls {_times(count)}"
        case "training":
            return f"Utbildning gavs vid {in_words(count, 'ett')} {'tillfälle' if count == 1 else 'tillfällen'}"
    number = in_words(count).capitalize() if count < len(_WORDS) else f"Sammanlagt {count}"
    subject = f"{number} {'åtgärd' if count == 1 else 'åtgärder'}"
    if not actions.label.strip() or actions.key == "unknown":
        return f"{subject} är inte {'indelad' if count == 1 else 'indelade'} efter typ"
    return f"{subject} gällde {lowered(actions.label.strip(), names)}"


def _opening_without_number(actions: ActionGroup, names: Collection[str]) -> str:
    often = " flera gånger" if len(actions.texts) > 1 else ""
    match actions.key:
        case "information_to_managers":
            return f"Berörda chefer informerades{often}"
        case "information_to_politicians":
            return f"Berörda politiker och förvaltningar informerades{often}"
        case "samverkanskoppen":
            return f"Samverkanskoppen hölls{often}"
        case "training":
            return f"Utbildning gavs{often}"
    if not actions.label.strip() or actions.key == "unknown":
        return "Några åtgärder är inte indelade efter typ"
    return f"Några åtgärder gällde {lowered(actions.label.strip(), names)}"


def _listed(items: Sequence[str]) -> str:
    return joined(items, "samt" if any(" och " in item for item in items) else "och")


def _details(actions: ActionGroup, items: Items) -> str:
    if not items.shown:
        return "."
    if items.only_topics:
        among = "bland annat " if items.partial else ""
        topics = _listed([item.text for item in items.shown])
        about = " och handlade {}om {}." if actions.key == "training" else ". Det gällde {}{}."
        return about.format(among, topics)
    in_order = sorted(items.shown, key=lambda item: not item.topic)
    parts = [f"om {item.text}" if item.topic else item.text for item in in_order]
    if items.partial:
        return f", bland annat {_listed(parts)}."
    return f", {parts[0]}." if len(parts) == 1 and is_tail(parts[0]) else f": {_listed(parts)}."
