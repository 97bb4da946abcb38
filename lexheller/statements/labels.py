"""Words of the statements' settings: degrees, who tested, and what is still missing."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from lexheller.statements.rules import Assessor, Conformity, Missing

CONFORMITY: Mapping[Conformity, LazyString] = {
    Conformity.FULL: _l("Helt förenlig med lagen: en prövning är gjord och inga brister är kända"),
    Conformity.PARTIAL: _l("Delvis förenlig med lagen"),
    Conformity.NONE: _l("Inte förenlig med lagen"),
}

ASSESSOR: Mapping[Assessor, LazyString] = {
    Assessor.SELF: _l("Vi själva"),
    Assessor.OTHER: _l("Någon utomstående"),
}

MISSING: Mapping[Missing, LazyString] = {
    Missing.CONTACT: _l("en e-postadress eller ett telefonnummer till förbundet"),
    Missing.TEST: _l("vilken dag tillgängligheten prövades"),
    Missing.OFFICER: _l("hur man når dataskyddsombudet"),
    Missing.KEPT: _l("hur länge anmälarens adress sparas"),
}
