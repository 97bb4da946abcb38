"""Addresses that take a form which those who attack do not find yet, by what would have to be made first.

Each is asked what it is by the tests of routes (marks, tokens, odd addresses) and by its own slice's tests. The list
may only become shorter: a new address must be found, so whoever adds one lets `more_to_find` make what leads to it.
Forms without a field for text, in states that take a year or a failure to reach, are the one exception.
"""

DRAFT = "/atgardsrapport/<federation>/<int(min=2000, max=2100):year>/utkast"
NOT_FOUND_RULES = {
    "/arenden/<federation>/<int(max=2147483647):case_id>/atgard/<int(max=2147483647):action_id>/genomford",
    "/arenden/<federation>/<int(max=2147483647):case_id>/publicera/ta-ner",
    "/arenden/<federation>/<int(max=2147483647):case_id>/uppdrag/<int(max=2147483647):duty_id>/aterta-fragan",
    "/arenden/<federation>/fastnat/<int(max=2147483647):job_id>",
    "/arenden/<federation>/filter/<int(max=2147483647):filter_id>/namn",
    "/arenden/<federation>/filter/<int(max=2147483647):filter_id>/ta-bort",
    "/arenden/<federation>/flera/gor",
    "/atgarder/<federation>/<int(max=2147483647):action_id>/arenden/<int(max=2147483647):case_id>/ta-bort",
    "/atgarder/<federation>/<int(max=2147483647):action_id>/oppna-igen",
    "/atgarder/<federation>/<int(max=2147483647):action_id>/systemfel/<int(max=2147483647):fault_id>/ta-bort",
    "/atgarder/<federation>/<int(max=2147483647):action_id>/uppfoljning",
    "/atgarder/<federation>/<int(max=2147483647):action_id>/uppfoljning/<int(max=2147483647):follow_up_id>/bedom",
    "/atgarder/<federation>/<int(max=2147483647):action_id>/uppfoljning/<int(max=2147483647):follow_up_id>/flytta",
    "/atgardsrapport/<federation>/<int(min=2000, max=2100):year>/utgava/<int(max=2147483647):number>/publicera",
    "/atgardsrapport/<federation>/<int(min=2000, max=2100):year>/utgava/<int(max=2147483647):number>/ta-ner",
    f"{DRAFT}/ataganden/<int(max=2147483647):goal_id>",
    f"{DRAFT}/ataganden/<int(max=2147483647):goal_id>/flytta",
    f"{DRAFT}/ataganden/<int(max=2147483647):goal_id>/ta-bort",
    f"{DRAFT}/frys",
    f"{DRAFT}/ta-tillbaka",
    "/atgardsrapport/<federation>/installningar/wordmall/ta-bort",
    "/bekrafta/<token>/ja",
    "/bekrafta/<token>/nej",
    "/inbjudan/<token>",
    "/installningar/<federation>/enheter/<int(max=2147483647):unit_id>/i-bruk",
    "/installningar/<federation>/kalender/<int(max=2147483647):closed_day_id>",
    "/installningar/<federation>/personer/<int(max=2147483647):user_id>/skicka-igen",
    "/installningar/<federation>/personer/<int(max=2147483647):user_id>/slapp-in",
    "/installningar/<federation>/personer/<int(max=2147483647):user_id>/tvasteg-bort",
    "/installningar/<federation>/regler/utkast",
    "/installningar/<federation>/regler/utkast/borja-anvanda",
    "/installningar/<federation>/standardtexter/<int(max=2147483647):text_id>/i-bruk",
    "/installningar/<federation>/teman/<int(max=2147483647):theme_id>/i-bruk",
    "/kvitto/anmalan/svar",
    "/kvitto/anmalan/uppfoljning",
    "/installningar/<federation>/inloggning/<int(max=2147483647):connection_id>/av",
    "/installningar/<federation>/inloggning/<int(max=2147483647):connection_id>/pa",
    "/logga-in/klar",
    "/logga-in/kod",
    "/logga-ut",
    "/mitt-konto/inloggningar/<int(max=2147483647):sign_in_id>/avsluta",
    "/mitt-konto/inloggningar/avsluta-andra",
    "/mitt-konto/tvasteg/bekrafta",
    "/mitt-konto/tvasteg/koder",
    "/mitt-konto/tvasteg/stang-av",
    "/moten/<federation>/<int(max=2147483647):meeting_id>/arenden/<int(max=2147483647):item_id>/beslut",
    "/moten/<federation>/<int(max=2147483647):meeting_id>/arenden/<int(max=2147483647):item_id>/valj-mote",
    "/moten/<federation>/<int(max=2147483647):meeting_id>/avsluta",
    "/moten/<federation>/grupper/<any(beredningsgrupp, styrelse, styrgrupp):group>/avsluta",
    "/moten/<federation>/serie",
    "/nytt-losenord/<token>",
    "/systemfel/<federation>/<int(max=2147483647):fault_id>/beratta",
    "/systemfel/<federation>/<int(max=2147483647):fault_id>/beratta/skicka",
    "/utlamnande/<federation>/<int(max=2147483647):request_id>/handlingar",
    "/utlamnande/<federation>/<int(max=2147483647):request_id>/period",
}
NOT_FOUND_RULES |= {
    "/arenden/<federation>/<int(max=2147483647):case_id>/granskning",
    "/drift/<federation>/forsok-igen",
    "/gallring/<federation>",
    "/gallring/<federation>/<int(max=2147483647):disposal_id>/avbryt",
    "/gallring/<federation>/<int(max=2147483647):disposal_id>/beslut",
}
"""No field for text: what is held, what is stuck, and what falls under a plan of disposal."""
NOT_FOUND_FIELDS = {"decision", "starts_at", "who_now"}
"""A decision at a meeting that is being held, the hour of a series, and the new owner of an action."""
DOCUMENT = "/utlamnande/<federation>/<int(max=2147483647):request_id>/handlingar/<int(max=2147483647):document_id>"
ENDS_NOWHERE = {
    ("/atgarder/<federation>/<int(max=2147483647):action_id>/andra", "change-who"),
    (DOCUMENT, "words"),
    (DOCUMENT, "own_words"),
}
"""Kept only when no unit is chosen; looked for and never kept; kept only with the paragraph that is told in words."""
