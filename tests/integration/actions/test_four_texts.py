"""The four texts of Södra Vätterbygden's account of 2024 come out of action rows, and follow what becomes of them."""

from __future__ import annotations

from pathlib import Path

from lexheller.action_reports.compiling import compiled
from lexheller.actions import service
from lexheller.actions.models import Action, ActionType
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from tests.integration.intake.sheets import import_file

SHEET = Path(__file__).resolve().parents[2] / "data" / "sodra-vatterbygden-2024.csv"
TEXTS = (
    "Berörda chefer informerades sex gånger. Det gällde bemötande i flerpartsmöten",
    "Berörda politiker och förvaltningar informerades tre gånger: nämnder och ledning om glappet mellan stödformerna",
    "Samverkanskoppen hölls tre gånger: om Arbetsförmedlingens digitala arbetssätt och Statens servicecenter",
    "Utbildning gavs vid fem tillfällen och handlade om parternas uppdrag och ansvar, SIP",
)


def block(cast) -> str:
    return " ".join(compiled(cast.federation(), 2024)["text"]["sv"])


def test_the_four_texts_of_2024_come_out_of_action_rows(cast):
    with transaction():
        import_file(SHEET, cast.federation())
    said = block(cast)
    assert [text for text in TEXTS if text not in said] == []
    query = db.select(Action).join(ActionType, ActionType.id == Action.type_id).where(ActionType.key == "training")
    training = db.session.scalars(query.order_by(Action.id)).first()
    with transaction():
        service.reopen(cast.coordinator, training, "Den blev inte av.", due_on=None, seen=training.version)
    assert "Utbildning gavs vid fyra tillfällen" in block(cast), "what was taken back was never done"
    assert "vidtogs 17 åtgärder" in said
    assert "vidtogs 16 åtgärder" in block(cast)
