"""A report with what a form may meet: long tables, hidden cells, Swedish letters and words that look like code."""

from __future__ import annotations

from lexheller.action_reports.document import (
    HIDDEN,
    Block,
    Cell,
    Chapter,
    Chart,
    Document,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Table,
)

HASH = "3f7a1c9e5b2d4860a1f3c5e7092b4d6f8193a5c7e90b2d4f6183a5c7e9f1b3d5"
HIDDEN_WORDS = "färre än 5"
MARKUP = "<b>inte fet</b> & #pagebreak() $x$ *stjärnor* _streck_ {{ 1 }} @ref \\n [klamrar]"
FORMULAS = ("=SUMMA(A1:A9)", "+46 70", "-minus", "@namn", '=HYPERLINK("http://x.example";"hit")')
SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 300" width="640" height="300" role="img">
<rect width="640" height="300" fill="#ffffff"/>
{bars}<line x1="40" y1="250" x2="620" y2="250" stroke="#4c5b56"/></svg>"""
LONG = (
    "Under året har samverkan mellan parterna fortsatt att utvecklas. De flesta avvikelserna handlar om övergångar: "
    "när en person lämnar en verksamhet och ingen annan tar emot. Därför har förbundet valt att arbeta med gemensamma "
    "överlämningsmöten, en checklista för utskrivning och en kontaktväg som alla fyra parterna känner till."
)


def number(value: int) -> Cell:
    return Cell(value, f"{value:,}".replace(",", "\N{NO-BREAK SPACE}"))


def words(text: str) -> Cell:
    return Cell(text, text)


def hidden() -> Cell:
    return Cell(HIDDEN, HIDDEN_WORDS)


def chart_of(values: list[int], names: list[str]) -> str:
    """Bars with a number above and a name below."""
    step, highest = 580 / len(values), max(values)
    bars = ""
    for index, (value, name) in enumerate(zip(values, names, strict=True)):
        left, tall = 48 + index * step, 200 * value / highest
        middle = left + step * 0.35
        bars += (
            f'<rect x="{left:.1f}" y="{250 - tall:.1f}" width="{step * 0.7:.1f}" height="{tall:.1f}" fill="#1f5a4d"/>'
            f'<text x="{middle:.1f}" y="{243 - tall:.1f}" text-anchor="middle" font-family="Inter, sans-serif" '
            f'font-size="14" fill="#1d2926">{value}</text>'
            f'<text x="{middle:.1f}" y="272" text-anchor="middle" font-family="Inter, sans-serif" font-size="13" '
            f'fill="#4c5b56">{name}</text>'
        )
    return SVG.format(bars=bars)


def _trend() -> Chart:
    years, received, closed = ["2021", "2022", "2023", "2024"], [12, 21, 34, 1204], [11, 18, 30, 987]
    table = Table(
        measure="received.year",
        caption="Inkomna och avslutade ärenden per år",
        columns=("År", "Inkomna", "Avslutade"),
        numeric=(False, True, True),
        rows=tuple((words(y), number(r), number(c)) for y, r, c in zip(years, received, closed, strict=True)),
        definition="Antal ärenden vars rapport kom in till förbundet under året, efter den dag den togs emot.",
        notes=("Från 2023 räknas ärenden från två nya kommuner.",),
    )
    return Chart(
        title="Ärendena blir fler",
        summary="Stapeldiagram: 12 ärenden 2021, 21 år 2022, 34 år 2023 och 1 204 år 2024.",
        svg=chart_of(received, years),
        table=table,
    )


def _parties() -> Table:
    names = ("Arbetsförmedlingen", "Försäkringskassan", "Region Södra Vätterbygden", "Värnamo & Gislaveds kommuner")
    rows = [
        (words(name), number(17 + 3 * index), hidden() if index == 2 else number(40 + index), number(index + 6))
        for index, name in enumerate(names)
    ]
    return Table(
        measure="received.party",
        caption="Ärenden per part",
        columns=("Part", "Släppte taget", "Skulle ha tagit emot", "Öppna vid årets slut"),
        numeric=(False, True, True, True),
        rows=tuple(rows),
        definition="Antal ärenden där parten pekas ut. Ett ärende kan ha flera parter, så raderna kan inte summeras.",
        notes=(f"”{HIDDEN_WORDS}”: talet visas inte, för att ingen ska kunna kännas igen.",),
    )


def _months() -> Table:
    names = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
    kinds = ("Överlämning", "Bemötande", "Väntetid", "Information")
    return Table(
        measure="received.month",
        caption="Teman månad för månad",
        columns=("Tema", *names),
        numeric=(False, *(True for _ in names)),
        rows=tuple(
            (words(kind), *(number(5 + (7 * row + 3 * m) % 19) for m in range(12))) for row, kind in enumerate(kinds)
        ),
        definition="Antal ärenden per tema, efter den månad rapporten togs emot.",
    )


def _long() -> Table:
    rows = [(words(f"Verksamhet nr {n} i Åsele, Älmhult och Öckerö"), number(n * 3), number(n)) for n in range(1, 61)]
    strange = [(words(text), number(700 + index), hidden()) for index, text in enumerate((*FORMULAS, MARKUP))]
    return Table(
        measure="received.activity",
        caption="Ärenden per verksamhet",
        columns=("Verksamhet", "Inkomna", "Avslutade"),
        numeric=(False, True, True),
        rows=(*rows, *strange),
        definition="Antal ärenden där verksamheten nämns.",
    )


def _goals() -> Table:
    return Table(
        measure="goals",
        caption="Åtaganden och hur det gick",
        columns=("Åtagande", "Måluppfyllelse", "Kommentar"),
        numeric=(False, False, False),
        rows=(
            (
                words("Alla rapporter får ett första svar inom tio arbetsdagar."),
                words("Delvis uppfyllt"),
                words("Median 12,5 dagar. Under sommaren tog det längre tid eftersom två handläggare slutade."),
            ),
            (words("Två gemensamma överlämningsmöten per kvartal."), words("Uppfyllt"), words("Nio möten hölls.")),
            (words("En checklista för utskrivning."), words("Uppfyllt"), words("")),
        ),
        definition="Åtagandena står i verksamhetsplanen. Förbundschefen bedömer måluppfyllelsen.",
    )


def _figures() -> KeyFigures:
    known = "Antal ärenden vars rapport kom in till förbundet under året."
    return KeyFigures(
        (
            KeyFigure("received", "Inkomna ärenden", "1\N{NO-BREAK SPACE}204", known),
            KeyFigure(
                "first_answer", "Tid till första svar, median", "12,5 dagar", "Dagar från mottagen till första svar."
            ),
            KeyFigure(
                "not_solved", "Återöppnade som inte lösta", HIDDEN_WORDS, "Ärenden där den som rapporterade sa nej."
            ),
            KeyFigure("feedback", "Andel rapporter med återkoppling", "94 %", "Rapporter med svar av alla besvarade."),
        )
    )


def sample(language: str = "sv", *, extra: tuple[Block, ...] = ()) -> Document:
    """`extra` blocks stand in a chapter of their own, last."""
    chapters = [
        Chapter(
            "summary", "Året i korthet", (Paragraph("Under 2024 inkom 1 204 ärenden, en fortsatt ökning."), _figures())
        ),
        Chapter("trend", "Inkomna ärenden", (Paragraph(LONG, written=True), _trend(), Paragraph(f"Så: {MARKUP}"))),
        Chapter("parties", "Mellan parterna", (Paragraph(f"{LONG}\n\n{LONG}", written=True), _parties(), _months())),
        Chapter("goals", "Mål och åtaganden", (Paragraph("Två av tre åtaganden är uppfyllda."), _goals())),
        Chapter("activities", "Bilaga: alla verksamheter", (_long(),)),
    ]
    if extra:
        chapters.append(Chapter("extra", "Mera", extra))
    return Document(
        language=language,
        title="Åtgärdsrapport 2024 – avvikelser mellan myndigheter",
        federation="Samordningsförbundet Södra Vätterbygden",
        year=2024,
        facts=(
            ("Diarienummer", "SÖV 2025/17"),
            ("Utgåva", "2"),
            ("Gäller ärenden till och med", "31 december 2024"),
            ("Godkänd av", "Åsa Öberg, förbundschef"),
            ("Kontrollsumma", HASH),
        ),
        chapters=tuple(chapters),
        short_block=(
            "Under 2024 inkom 1 204 avvikelser, en fortsatt ökning. Av dem är 987 avslutade.",
            "Förbundet har hållit överlämningsmöten samt tagit fram en checklista för utskrivning.",
        ),
        hash=HASH,
        to_sign=True,
    )


def tables(document: Document) -> list[Table]:
    """Every table that a reader meets, also those behind charts."""
    found = []
    for chapter in document.chapters:
        for block in chapter.blocks:
            if isinstance(block, Chart):
                found.append(block.table)
            elif isinstance(block, Table):
                found.append(block)
    return found
