"""Groups that meet and their members: who reads which meeting's material, and nothing besides (P15)."""

from __future__ import annotations

import pytest

from lexheller.accounts.queries import actor_for, user_by_email
from lexheller.accounts.rights import OPERATOR, Actor, Role
from lexheller.accounts.service import disable, grant_role, resume, suspend, withdraw_role
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.core.transaction import transaction
from lexheller.demo.data import address
from lexheller.meetings import groups, queries
from lexheller.meetings.agenda import move_to_next, put_on_agenda
from lexheller.meetings.models import MeetingGroup
from lexheller.meetings.reading import is_out, items_to_read, meeting_to_read, meetings_of_member
from lexheller.meetings.sending_out import send_material
from lexheller.meetings.service import cancel_meeting
from lexheller.meetings.states import GroupKind
from tests.cast.people import ELSEWHERE, HOME, Cast
from tests.integration.meetings.days import events, meeting_in

BOARD, PREPARATORY = GroupKind.BOARD, GroupKind.PREPARATORY


def member(cast: Cast, part: str = "chef.fk", kind: GroupKind = BOARD) -> Actor:
    """A manager who is listed in the group."""
    with transaction():
        groups.add_member(cast.coordinator, cast.federation().id, kind, cast.person(part).user_id)
    return cast.person(part)


def test_each_group_has_its_own_meeting_a_day(cast):
    board, own = meeting_in(cast, 40, group=BOARD), meeting_in(cast, 40)
    assert board.held_on == own.held_on
    assert (board.group.kind, own.group.kind) == ("board", "preparatory")
    with pytest.raises(InvalidInput, match="taken"):
        meeting_in(cast, 40, group=BOARD)
    assert queries.upcoming(cast.director, own.federation_id, board.group_id) == [board]
    assert set(queries.upcoming(cast.director, own.federation_id)) == {board, own}
    meeting_in(cast, 40, ELSEWHERE)
    assert db.session.scalar(db.select(db.func.count(MeetingGroup.id))) == 3


def test_items_go_on_within_their_own_group(cast):
    board, _other = meeting_in(cast, 40, group=BOARD), meeting_in(cast, 60)
    with transaction():
        item = put_on_agenda(cast.coordinator, cast.report(), board, "Vad säger styrelsen?")
    with pytest.raises(InvalidInput, match="none"):
        move_to_next(cast.coordinator, item, standing_on=board)
    later = meeting_in(cast, 80, group=BOARD)
    with transaction():
        assert move_to_next(cast.coordinator, item, standing_on=board) == later


def test_p14_members_come_and_go_with_one_event_each(cast):
    federation_id = cast.federation().id
    for _ in range(2):
        reader = member(cast)
    assert [found.user_id for found in groups.members_of(cast.director, federation_id, BOARD)] == [reader.user_id]
    for _ in range(2):
        with transaction():
            groups.remove_member(cast.coordinator, federation_id, BOARD, reader.user_id)
    assert groups.members_of(cast.director, federation_id, BOARD) == []
    member(cast)
    names = [event.kind for event in events("meeting.member")]
    assert names == ["meeting.member_added", "meeting.member_removed", "meeting.member_added"]
    assert events("meeting.member")[0].data == {"kind": "board", "user_id": reader.user_id}


def test_a_group_is_called_what_the_federation_calls_it(cast):
    federation_id = cast.federation().id
    for _ in range(2):
        with transaction():
            groups.rename_group(cast.director, federation_id, BOARD, "  Förbundets   styrelse ")
    assert [group.name for group in groups.groups_in(federation_id)] == ["Förbundets styrelse"]
    assert len(events("meeting.group_named")) == 1
    for name in ("x" * 121, "19640823-3234"):
        with pytest.raises(InvalidInput):
            groups.rename_group(cast.director, federation_id, BOARD, name)


def test_p15_a_member_reads_their_own_groups_material_once_it_is_out_and_nothing_else(cast):
    board, other = meeting_in(cast, 40, group=BOARD), meeting_in(cast, 40)
    with transaction():
        put_on_agenda(cast.coordinator, cast.report(), board, "Vad säger styrelsen?")
    reader, federation_id = member(cast), board.federation_id
    assert meetings_of_member(reader, federation_id) == [board]
    assert not is_out(reader, board)
    assert items_to_read(reader, board) == []
    with transaction():
        assert send_material(cast.coordinator, board, seen=board.version) == 1
    assert len(items_to_read(reader, meeting_to_read(reader, federation_id, board.id))) == 1
    with pytest.raises(NotAllowedToSee):
        meeting_to_read(reader, federation_id, other.id)
    for nobody in (cast.outsider, cast.person("chef.af")):
        with pytest.raises(NotAllowedToSee):
            meeting_to_read(nobody, federation_id, board.id)
        with pytest.raises(NotAllowedToSee):
            items_to_read(nobody, board)
        assert meetings_of_member(nobody, federation_id) == []
    assert queries.agenda(reader, board) == []
    assert queries.upcoming(reader, federation_id) == []
    with transaction():
        groups.remove_member(cast.coordinator, federation_id, BOARD, reader.user_id)
    with pytest.raises(NotAllowedToSee):
        meeting_to_read(reader, federation_id, board.id)
    member(cast)
    with transaction():
        cancel_meeting(cast.coordinator, board, seen=board.version)
    with pytest.raises(NotAllowedToSee):
        meeting_to_read(reader, federation_id, board.id)
    assert meeting_to_read(cast.director, federation_id, board.id) == board


def test_p15_others_than_those_who_prepare_meetings_change_no_group(cast):
    federation_id, before = cast.federation().id, len(events())
    reader = cast.person("chef.af")
    for actor in (cast.outsider, reader):
        for step in (
            lambda actor=actor: groups.add_member(actor, federation_id, BOARD, reader.user_id),
            lambda actor=actor: groups.remove_member(actor, federation_id, BOARD, reader.user_id),
            lambda actor=actor: groups.rename_group(actor, federation_id, BOARD, "Vi"),
            lambda actor=actor: groups.members_of(actor, federation_id, BOARD),
        ):
            with pytest.raises(NotAllowedToSee):
                step()
    with pytest.raises(NotAllowedToSee):
        groups.add_member(cast.coordinator, federation_id, BOARD, cast.outsider.user_id)
    assert len(events()) == before
    assert groups.groups_in(federation_id) == []


def only_member(cast: Cast, email: str) -> None:
    """Somebody of another federation who here is a member of the board and nothing else."""
    user = user_by_email(email)
    grant_role(OPERATOR, user, Role.MEMBER, federation_id=cast.federation().id)
    groups.add_member(cast.coordinator, cast.federation().id, BOARD, actor_for(user).user_id)


def test_p15_a_member_signs_in_to_their_meetings_and_finds_no_cases(visitor, stage):
    def prepare(cast: Cast) -> tuple[int, int]:
        board, other = meeting_in(cast, 40, group=BOARD), meeting_in(cast, 40)
        with transaction():
            put_on_agenda(cast.coordinator, cast.report(), board, "Vad säger styrelsen?")
            only_member(cast, address("chef.af", ELSEWHERE))
            send_material(cast.coordinator, board, seen=board.version)
        return board.id, other.id

    board_id, other_id = stage.ask(prepare)
    case = stage.case()
    visitor.sign_in("chef.af", ELSEWHERE)
    start = visitor.get(f"/start/{HOME}")
    assert start.status_code == 200
    assert "Möten som kommer" in visitor.text
    assert "Materialet finns" in visitor.text
    assert f'href="/moten/{HOME}/{board_id}/material"' in visitor.text
    for path in (f"/arenden/{HOME}", f"/moten/{HOME}", f"/installningar/{HOME}"):
        assert f'href="{path}"' not in visitor.text
    for ending in ("", ".pdf", ".docx"):
        assert visitor.get(f"/moten/{HOME}/{board_id}/material{ending}").status_code == 200
        assert visitor.get(f"/moten/{HOME}/{other_id}/material{ending}").status_code == 404
    for path in (
        case.path,
        f"/arenden/{HOME}",
        f"/moten/{HOME}",
        f"/moten/{HOME}/{board_id}",
        f"/moten/{HOME}/{board_id}/protokoll",
        f"/moten/{HOME}/{board_id}/protokollsutdrag",
        f"/moten/{HOME}/grupper/styrelse",
        f"/atgardsrapport/{HOME}",
        f"/systemfel/{HOME}",
    ):
        assert visitor.get(path).status_code == 404, path


def test_the_groups_page_adds_and_removes_members(visitor, stage):
    visitor.sign_in("samordnare")
    page = f"/moten/{HOME}/grupper/styrelse"
    visitor.get(page)
    assert "Ingen är med i gruppen än." in visitor.text
    user_id = stage.ask(lambda cast: cast.person("chef.fk").user_id)
    stranger = stage.ask(lambda cast: cast.outsider.user_id)
    assert visitor.post(f"{page}/medlemmar", {"user_id": str(stranger)}).status_code == 422
    assert visitor.post(f"{page}/medlemmar", {"user_id": str(user_id)}).status_code == 200
    assert address("chef.fk", HOME) in visitor.text
    assert f"medlemmar/{user_id}/ta-bort" in visitor.text
    visitor.post(f"{page}/medlemmar/{user_id}/ta-bort")
    assert "Ingen är med i gruppen än." in visitor.text
    visitor.post(f"{page}/namn", {"name": "Förbundets styrelse"}, form="namn")
    assert "Förbundets styrelse</h1>" in visitor.text
    assert visitor.get(f"/moten/{HOME}?grupp=styrelse").status_code == 200
    assert "Förbundets styrelse" in visitor.text
    assert visitor.get(f"/moten/{HOME}?grupp=okand").status_code == 200


@pytest.mark.parametrize("how", ["withdrawn", "suspended"])
def test_p15_a_membership_ends_with_the_last_role_and_comes_back_with_none(cast, how):
    federation_id, board = cast.federation().id, meeting_in(cast, 40, group=BOARD)
    reader = member(cast)
    user = user_by_email(reader.email)
    with transaction():
        send_material(cast.coordinator, board, seen=board.version)
        grant_role(cast.coordinator, user, Role.MEMBER, federation_id=federation_id)
        withdraw_role(cast.coordinator, user, Role.MANAGER, federation_id=federation_id)
    assert meeting_to_read(actor_for(user), federation_id, board.id) == board, "another role is left"
    before = len(events("meeting.member_removed"))
    with transaction():
        if how == "withdrawn":
            withdraw_role(cast.coordinator, user, Role.MEMBER, federation_id=federation_id)
        else:
            suspend(cast.coordinator, user, federation_id=federation_id)
    assert groups.members_of(cast.coordinator, federation_id, BOARD) == []
    (event,) = events("meeting.member_removed")[before:]
    assert event.data == {"kind": "board", "user_id": user.id, "because": "role_ended"}
    with pytest.raises(NotAllowedToSee):
        groups.add_member(cast.coordinator, federation_id, BOARD, user.id)
    with transaction():
        resume(cast.coordinator, user, federation_id=federation_id)
        grant_role(cast.coordinator, user, Role.MANAGER, federation_id=federation_id)
    with pytest.raises(NotAllowedToSee):
        meeting_to_read(actor_for(user), federation_id, board.id)
    member(cast)
    assert meeting_to_read(actor_for(user), federation_id, board.id) == board


def test_p15_a_role_that_ends_elsewhere_ends_no_membership_here(cast):
    user = user_by_email(address("chef.af", ELSEWHERE))
    federation_id, other = cast.federation().id, cast.federation(ELSEWHERE).id
    with transaction():
        only_member(cast, user.email)
        withdraw_role(OPERATOR, user, Role.MANAGER, federation_id=other)
    assert [found.user_id for found in groups.members_of(cast.director, federation_id, BOARD)] == [user.id]
    with transaction():
        disable(OPERATOR, user, federation_id=other)
    assert groups.members_of(cast.director, federation_id, BOARD) == [], "a disabled account reads nothing anywhere"


def test_p14_a_group_is_retired_when_nothing_is_to_come_and_its_history_stays(cast):
    federation_id, board, reader = cast.federation().id, meeting_in(cast, 40, group=BOARD), member(cast)
    for actor in (cast.outsider, reader):
        with pytest.raises(NotAllowedToSee):
            groups.retire_group(actor, federation_id, BOARD)
    with pytest.raises(InvalidInput, match="has_meetings"):
        groups.retire_group(cast.coordinator, federation_id, BOARD)
    with transaction():
        cancel_meeting(cast.coordinator, board, seen=board.version)
    for _ in range(2):
        with transaction():
            groups.retire_group(cast.coordinator, federation_id, BOARD)
    (event,) = events("meeting.group_retired")
    assert event.data == {"kind": "board", "user_ids": [reader.user_id]}
    assert meetings_of_member(reader, federation_id) == []
    assert queries.past(cast.director, federation_id) == [board]
    old = board.group_id
    with pytest.raises(Conflict):
        retired = db.session.get_one(MeetingGroup, old)
        groups.held_until_done(retired)
    again = meeting_in(cast, 40, group=BOARD)
    assert again.group_id != old
    assert groups.members_of(cast.director, federation_id, BOARD) == []
    assert clock.day_of(board.group.retired_at) == clock.today()


def test_the_groups_page_retires_it_after_a_look(visitor, stage):
    page = f"/moten/{HOME}/grupper/styrelse"
    visitor.sign_in("samordnare")
    assert visitor.get(f"{page}/avsluta").request.path == page
    assert f"{page}/avsluta" not in visitor.text
    meeting_id = stage.ask(lambda cast: (member(cast), meeting_in(cast, 40, group=BOARD))[1].id)
    visitor.get(page)
    assert f'href="{page}/avsluta"' in visitor.text
    visitor.get(f"{page}/avsluta")
    assert "Gruppen har möten kvar" in visitor.text
    assert visitor.post(f"{page}/avsluta").status_code == 422

    def cancel(cast: Cast) -> None:
        with transaction():
            board = queries.meeting_for(cast.coordinator, cast.federation().id, meeting_id)
            cancel_meeting(cast.coordinator, board, seen=board.version)

    stage.ask(cancel)
    visitor.get(f"{page}/avsluta")
    assert "En person är inte med längre" in visitor.text
    visitor.post(f"{page}/avsluta")
    assert "Gruppen är avslutad." in visitor.text
    visitor.get(page)
    assert "Ingen är med i gruppen än." in visitor.text
