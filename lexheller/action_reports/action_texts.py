"""Action texts as offices write them, made fit for a sentence: stripped, shortened, each said once.

The texts are Swedish whatever language the report is in. Stops at the single text: the sentences around it
are `swedish` and `english`.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

MAX_LENGTH = 160
"""Characters of one text that are shown; the rest is left out at a word boundary, with an ellipsis."""

MAX_ITEMS = 6
"""Distinct texts of one action type that are shown: the block is to stay a handful of lines."""

_NAMES = frozenset(
    {
        *("arbetsförmedlingen", "försäkringskassan", "skatteverket", "socialstyrelsen", "migrationsverket"),
        *(
            "kriminalvården",
            "kronofogden",
            "statens",
            "region",
            "sverige",
            "finsam",
            "lex",
            "samverkanskoppen",
        ),
    }
)
_SENTENCE_END = re.compile(r"(?<=[A-Za-zÅÄÖåäö)]{3})(?<!\bdvs)(?<!\bresp)(?<!\bkap)[.!?]\s+(?=[A-ZÅÄÖ])")
_INFO = r"(?:info|information|informerat|återkoppling|skrivelse|brev|mejl|besked|påminnelse)"
_DASH = r"\s*[,:;–-]\s*"
_CLAUSE = re.compile(
    r"^(?:de|vi|hen|han|hon|man|som)\b|\b(?:ska|skall|har|är|var|kommer|blir|blev|får|fick|kan|vill|införs|görs)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"(?:om|kring|med|för|på|i|hos|vid|till|av|inom|inför|under|tillsammans)\b", re.IGNORECASE)

_TO_MANAGER = re.compile(rf"{_INFO} till (?:\w+ )?\w*chef\w*(?P<rest>.*)", re.IGNORECASE)
_ABOUT = re.compile(r" (?:om|kring|angående|gällande) (?P<topic>.+)")
_DETAIL = re.compile(rf"{_DASH}(?P<topic>.+)")
_TO_SOMEONE = re.compile(rf"{_INFO} till (?P<rest>.+)", re.IGNORECASE)
_THEM = r"(?:politiker(?:na)?|förvaltning(?:en|ar|arna)?)\b"
_POLITICIANS = re.compile(rf"(?:berörda? )?{_THEM}(?: och (?:berörda? )?{_THEM})?", re.IGNORECASE)
_EVENT = re.compile(
    r"(?:samverkanskopp\w*|\w*möte[nt]?|\w*träff\w*|informationstillfälle\w*)(?: |:|,|$)\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_TRAINING = re.compile(
    r"(?:kompetensutveckling|utbildning|föreläsning|kurs|workshop)\w*(?P<rest>(?:[ ,:–-].*)?)", re.IGNORECASE
)
_DONE = re.compile(
    r"(?P<what>\w+(?<!en)(?<!et)(?<!an)(?<!na)(?: .+)?) "
    r"(?P<done>(?:juster|upprätt|ändr|uppdater|revider|förtydlig|kompletter|skap|förenkl|förbättr|publicer)a(?:d|t|de))"
)


@dataclass(frozen=True, slots=True)
class Item:
    """One text ready for a list. `topic`: it is what the action was about ("SIP"), not the action itself."""

    text: str
    topic: bool


@dataclass(frozen=True, slots=True)
class Items:
    """The distinct texts of one action type. `partial`: they do not speak for every one of its actions."""

    shown: tuple[Item, ...]
    partial: bool

    @property
    def only_topics(self) -> bool:
        return all(item.topic for item in self.shown)


Reading = Callable[[str], Item | None]
"""How one type's texts are read: what is left of a tidied text, or None when it adds nothing."""


def tidied(text: str) -> str:
    """One line, its first sentence only, without the final stop, cut at MAX_LENGTH."""
    line = _SENTENCE_END.split(" ".join(text.split()), maxsplit=1)[0].strip(" .;:,-–")
    if len(line) <= MAX_LENGTH:
        return line
    return f"{line[:MAX_LENGTH].rsplit(' ', 1)[0].rstrip(' .;:,-–')} …"


def lowered(text: str, names: Collection[str] = ()) -> str:
    """`text` as it stands inside a sentence: lower-case first letter, but not of a name or an acronym.

    `names` are names beyond the common ones (organisations, municipalities, activities), any case.
    """
    first, _, rest = text.partition(" ")
    word = first.strip(",:;").casefold()
    known = {*_NAMES, *(name.split()[0].casefold() for name in names if name.strip())}
    named = word in known or word.removesuffix("s") in known or re.match(r"kommuns?\b", rest)
    if named or not word[1:2].isalpha() or any(letter.isupper() or letter.isdigit() for letter in first[1:]):
        return text
    return text[0].lower() + text[1:]


def collected(texts: Iterable[str], count: int, reading: Reading, names: Collection[str] = ()) -> Items:
    """The distinct texts of `count` actions, in their order, at most MAX_ITEMS."""
    spoken_for = 0
    distinct: dict[str, Item] = {}
    for text in filter(None, map(tidied, texts)):
        head, colon, rest = text.partition(": ")
        item = reading(head + colon + lowered(rest, names))
        if item is None:
            continue
        spoken_for += 1
        ready = Item(item.text if item.topic else lowered(item.text, names), item.topic)
        distinct.setdefault(ready.text.casefold(), ready)
    shown = tuple(distinct.values())[:MAX_ITEMS]
    return Items(shown, partial=spoken_for < count or len(shown) < len(distinct))


def to_managers(text: str) -> Item | None:
    """Under "information to managers", "Info till chef om X" is about X, and so is "Info till chef, X"."""
    told = _TO_MANAGER.fullmatch(text)
    if told is None:
        return Item(_spelled_out(text), topic=False)
    if not told["rest"]:
        return None
    if about := _ABOUT.fullmatch(told["rest"]):
        return Item(about["topic"], topic=True)
    detail = _DETAIL.fullmatch(told["rest"])
    if detail is None or _CLAUSE.search(detail["topic"]):
        return Item(_spelled_out(text), topic=False)
    return Item(_result_first(detail["topic"]), topic=True)


def to_politicians(text: str) -> Item | None:
    """Under "information to politicians", "Info till nämnden om X" leaves whom and what: "nämnden om X"."""
    told = _TO_SOMEONE.fullmatch(text)
    if told is None:
        return Item(_spelled_out(text), topic=False)
    stutter = _POLITICIANS.match(told["rest"])
    rest = told["rest"][stutter.end() :].strip(" ,:") if stutter else told["rest"]
    return Item(rest, topic=False) if rest else None


def at_samverkanskoppen(text: str) -> Item | None:
    """Under Samverkanskoppen, "Samverkanskoppen om X" leaves "om X", and "Samverkanskoppen: X" too."""
    held = _EVENT.fullmatch(text)
    if held is None:
        return Item(text, topic=False)
    rest = held["rest"]
    if not rest:
        return None
    if _PREPOSITION.match(rest) or rest[0].isdigit():
        return Item(rest, topic=False)
    return Item(text if _CLAUSE.search(rest) else f"om {rest}", topic=False)


def in_training(text: str) -> Item | None:
    """Under training, "Utbildning om X" and "Utbildning X" are about X."""
    given = _TRAINING.fullmatch(text)
    if given is None:
        return Item(text, topic=False)
    rest = given["rest"].strip(" ,:–-")
    if not rest:
        return None
    if about := re.fullmatch(r"(?:om|kring|i(?!.* om )) (?P<topic>.+)", rest):
        return Item(about["topic"], topic=True)
    return Item(text, topic=False) if _PREPOSITION.match(rest) or _CLAUSE.search(rest) else Item(rest, topic=True)


def under(label: str) -> Reading:
    """Under any other type: the text, less the type's own name at its beginning."""

    def reading(text: str) -> Item | None:
        head, rest = text[: len(label)], text[len(label) :]
        if not label or head.casefold() != label.casefold() or rest[:1].isalnum():
            return Item(_spelled_out(text), topic=False)
        rest = rest.strip(" ,:–-")
        return Item(rest, topic=False) if rest else None

    return reading


_READINGS: dict[str, Reading] = {
    "information_to_managers": to_managers,
    "information_to_politicians": to_politicians,
    "samverkanskoppen": at_samverkanskoppen,
    "training": in_training,
}


def reading_for(key: str, label: str) -> Reading:
    """How the texts of the action type `key` are read; `label` is what the federation calls it."""
    return _READINGS.get(key) or under(label)


def as_written(reading: Reading) -> Reading:
    """The whole text where `reading` finds something in it: for sentences in another language."""
    return lambda text: Item(text, topic=True) if reading(text) is not None else None


def is_tail(text: str) -> bool:
    """Whether `text` carries on a sentence by itself, as "om SIP" and "med AF" do."""
    return _PREPOSITION.match(text) is not None


def _spelled_out(text: str) -> str:
    return re.sub(r"^info\b", "information", text, flags=re.IGNORECASE)


def _result_first(note: str) -> str:
    """A note such as "kontaktlista upprättad" in the order of running text: "upprättad kontaktlista"."""
    done = _DONE.fullmatch(note)
    return f"{done['done']} {done['what']}" if done else note
