"""What the demonstration's reports tell: constructed, in the words of caseworkers, naming nobody. Data only."""

from __future__ import annotations

from dataclasses import dataclass

AF, FK, REGION, OWN = "Arbetsförmedlingen", "Försäkringskassan", "Region Jönköpings län", "kommun"


@dataclass(frozen=True, slots=True)
class Story:
    """`by` and `about` name an organisation; OWN stands for the municipality's own."""

    by: str
    about: str
    theme: str
    what_happened: str
    consequence: str
    done_at_once: str
    proposal: str
    cause: str
    steps_taken: str
    follow_up: str
    action_type: str
    action: str
    conclusion: str


STORIES = (
    Story(
        OWN, AF, "Digitala kanaler",
        "Personen saknar e-legitimation och kunde inte skriva in sig som arbetssökande. "
        "Kontoret hänvisade till webben och webben hänvisade till kontoret.",
        "Fem veckor utan planering och utan ersättning.",
        "Vi följde med till Statens servicecenter.",
        "En tydlig väg in för den som saknar e-legitimation.",
        "Vägen via Statens servicecenter var inte känd hos oss på kontoret.",
        "Alla handläggare har fått en genomgång av vägen in utan e-legitimation.",
        "Vi frågar servicecentret om ett halvår hur många som har hjälpts vidare.",
        "samverkanskoppen", "Samverkanskoppen om vägen in utan e-legitimation",
        "Vägen in är nu känd på båda kontoren och finns på en gemensam lathund.",
    ),
    Story(
        OWN, FK, "Bemötande",
        "Vid ett möte med tre parter avbröts personen flera gånger och fick höra att saken redan var avgjord.",
        "Personen vågade inte komma till nästa möte.",
        "Samtal med personen efter mötet.",
        "Gemensam mötesrutin: den det gäller får ordet först.",
        "Mötet hade för kort tid och ingen höll i ordet.",
        "Händelsen är genomgången i arbetsgruppen. Mötesledare utses före varje flerpartsmöte.",
        "Vi tar upp mötesrutinen på arbetsplatsträffen i höst.",
        "information_to_managers", "Återkoppling till enhetschef om bemötande i flerpartsmöten",
        "Rutinen med mötesledare gäller från och med nu.",
    ),
    Story(
        REGION, OWN, "Rutiner",
        "Samma läkarutlåtande begärdes för tredje gången på ett halvår, trots att inget hade ändrats.",
        "Ett nytt läkarbesök och tre månaders väntan.",
        "Koordinatorn ringde handläggaren.",
        "Godta ett utlåtande så länge det gäller.",
        "Vår checklista krävde ett nytt utlåtande varje kvartal.",
        "Rutinen är ändrad: ett utlåtande gäller den tid som läkaren har angett.",
        "Stickprov i tio ärenden efter årsskiftet.",
        "information_to_managers", "Info till chef, rutin för läkarutlåtande justerad",
        "Rutinen är ändrad i alla kommuner i förbundet.",
    ),
    Story(
        OWN, REGION, "Kontaktvägar",
        "Det gick inte att nå ansvarig samordnare på fem veckor. Telefontiden var borttagen, ingen annan väg angavs.",
        "Planeringen stannade helt.",
        "Vi skickade brev.",
        "En funktionsadress per mottagning.",
        "Telefontiden togs bort när en tjänst var vakant.",
        "En funktionsadress finns nu på webbplatsen och bevakas varje dag.",
        "Verksamhetschefen följer upp svarstiden varje månad.",
        "information_to_managers", "Info till verksamhetschef om kontaktvägar",
        "Funktionsadressen fungerar. Kontaktlistan i VerkSam är uppdaterad.",
    ),
    Story(
        OWN, AF, "Stödformer saknas",
        "Personen bedömdes ha för låg förmåga för kommunens insats och för hög för insatsen hos staten.",
        "Ingen insats alls på åtta månader.",
        "Ärendet lyftes i VerkSam.",
        "En gemensam bedömning som alla godtar.",
        "Våra regelverk lämnar ett glapp som inte går att lösa på enheten.",
        "Vi delar bilden och lyfter glappet till ledningen.",
        "Ledningen återkommer efter beredningsgruppens möte.",
        "information_to_politicians", "Skrivelse till nämnder och ledning om glappet mellan stödformerna",
        "Glappet är lyft till beredningsgruppen.",
    ),
    Story(
        "aktivitet", FK, "Kunskap om uppdrag",
        "Handläggaren utgick från att den som deltar i en förberedande insats kan arbeta heltid.",
        "Oro, och personen avbröt insatsen.",
        "Möte med koordinator.",
        "Gemensam kunskap om vad insatserna är till för.",
        "Kunskapen om förbundets insatser är ojämn hos oss.",
        "Alla handläggare bjuds in till en utbildning om parternas uppdrag.",
        "Ny fråga till insatserna efter utbildningen.",
        "training", "Utbildning om parternas uppdrag och ansvar",
        "Utbildningen är genomförd för båda grupperna.",
    ),
    Story(
        REGION, OWN, "SIP följdes inte",
        "Kommunen uteblev från två kallade SIP-möten utan att meddela sig.",
        "Personen fick berätta allt en tredje gång.",
        "Nytt möte bokades.",
        "En ersättare ska utses vid frånvaro.",
        "Kallelsen gick till en brevlåda som ingen läste under sommaren.",
        "Ersättare utses alltid och kallelser går till en bevakad adress.",
        "Vi räknar uteblivna möten under hösten.",
        "training", "Utbildningstillfälle om SIP",
        "Ersättare utses nu vid frånvaro.",
    ),
    Story(
        FK, OWN, "Regler krockar",
        "Den som väntar på beslut om sjukersättning ska söka arbete för att få försörjningsstöd, "
        "men riskerar då sjukersättningen.",
        "Moment 22: avslag på båda håll.",
        "Parterna ringde varandra.",
        "En lokal överenskommelse för väntetiden.",
        "Riktlinjerna är skrivna var för sig.",
        "Frågan är lyft till förvaltningsledningen med ett förslag till överenskommelse.",
        "Förslaget behandlas i nämnden.",
        "information_to_politicians", "Info till socialnämnd och styrelse om regelkrocken",
        "Överenskommelsen bereds och följs upp i styrelsen.",
    ),
    Story(
        OWN, REGION, "Utredningsresurser",
        "Misstänkt intellektuell funktionsnedsättning kunde inte utredas eftersom vårdcentralen saknar psykolog.",
        "Ingen rätt stödform utan utredning.",
        "Remiss skickades och kom i retur.",
        "En gemensam utredningsresurs.",
        "Vi har sökt psykolog i ett år utan att lyckas.",
        "Remisser tas tills vidare emot av den psykiatriska mottagningen.",
        "Frågan följs upp i länets samverkan.",
        "information_to_politicians", "Info till regionpolitiker om utredningsresurser",
        "Tillfällig väg finns. Resursfrågan är lyft.",
    ),
    Story(
        "aktivitet", AF, "Kunskap om funktionsnedsättning",
        "Gruppaktivitet i stor sal var ett krav trots känd autism.",
        "Personen lämnade lokalen och skrevs ut.",
        "Kontakt med teamledare.",
        "Utbildning om neuropsykiatriska funktionsnedsättningar.",
        "Anpassning fanns i planen men hade inte förts vidare till gruppledaren.",
        "Personen är välkommen tillbaka till en enskild lösning. Gruppledarna läser planen före start.",
        "Avstämning med insatsen varje månad.",
        "training", "Kompetensutveckling om olika former av funktionsnedsättningar",
        "Enskild lösning erbjuds nu från början.",
    ),
    Story(
        REGION, FK, "Informationsöverföring",
        "Direktnumret till handläggaren fungerade inte på sju veckor, och växeln får inte koppla vidare.",
        "Omställningsmötet kom aldrig till stånd.",
        "Formulär på webben, utan svar.",
        "En gemensam kontaktlista mellan parterna.",
        "Numret byttes vid en omorganisation och listan hos samarbetsparterna var gammal.",
        "En ny kontaktlista är delad med alla parter.",
        "Listan ses över varje halvår.",
        "information_to_managers", "Info till enhetschef, kontaktlista upprättad",
        "Kontaktlistan är delad via VerkSam.",
    ),
    Story(
        OWN, REGION, "Samverkansformer okända",
        "Vårdcentralen kände inte till VerkSam och tackade nej till mötet.",
        "Tre separata planeringar.",
        "Informerade per telefon.",
        "Information till nyanställda.",
        "Flera är nyanställda och introduktionen nämner inte samverkansformerna.",
        "Introduktionen är kompletterad.",
        "Vi stämmer av med förbundet i vår.",
        "samverkanskoppen", "Samverkanskoppen om samverkansformerna i länet",
        "Introduktionen är kompletterad och Samverkanskoppen genomförd.",
    ),
)  # fmt: skip
