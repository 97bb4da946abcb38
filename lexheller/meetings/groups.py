"""The groups that meet and who belongs to them. A group comes into being when it is first needed.

Each change is one event with ids alone; who may read what follows from it is `meetings.reading`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from lexheller.accounts.models import RoleAssignment, User
from lexheller.accounts.queries import actor_for
from lexheller.accounts.rights import RIGHTS, Actor, Right, Role
from lexheller.audit.service import record
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.meetings.models import GroupMember, MeetingGroup
from lexheller.meetings.permissions import demand
from lexheller.meetings.queries import upcoming
from lexheller.meetings.states import GroupKind
from lexheller.privacy.refusal import refuse_identity_numbers

LONGEST_NAME = 120


def group_of(federation_id: int, kind: GroupKind) -> MeetingGroup | None:
    """The federation's group of that kind; None before it has planned a meeting or named a member."""
    query = select(MeetingGroup).where(
        MeetingGroup.federation_id == federation_id, MeetingGroup.kind == kind, MeetingGroup.retired_at.is_(None)
    )
    return db.session.scalar(query)


def groups_in(federation_id: int) -> list[MeetingGroup]:
    """The groups in use, in the order of their kinds."""
    found = (group_of(federation_id, kind) for kind in GroupKind)
    return [group for group in found if group is not None]


def group_for(federation_id: int, kind: GroupKind) -> MeetingGroup:
    """The group, made where there is none: for verbs that write. Of two at once the second finds the first's."""
    found = group_of(federation_id, kind)
    if found is not None:
        return found
    group = MeetingGroup(federation_id=federation_id, kind=str(kind), name="")
    try:
        with db.session.begin_nested():
            db.session.add(group)
            db.session.flush()
    except IntegrityError:
        existing = group_of(federation_id, kind)
        if existing is None:
            raise
        return existing
    return group


def group_to_use(federation_id: int, kind: GroupKind) -> MeetingGroup:
    """As `group_for`, and nobody retires it before the transaction ends. Raises Conflict when somebody just has."""
    return held_until_done(group_for(federation_id, kind))


def held_until_done(group: MeetingGroup) -> MeetingGroup:
    """Several may hold it at once, but not whoever retires it. Raises Conflict when it is retired."""
    db.session.refresh(group, with_for_update={"read": True})
    if group.retired_at is not None:
        raise Conflict(f"meeting group {group.id} was retired")
    return group


def retire_group(actor: Actor, federation_id: int, kind: GroupKind) -> None:
    """The group meets no more and nobody belongs to it; its meetings stay to be read. Twice is once.

    A meeting that is planned for the kind afterwards is a new group's. Raises InvalidInput on `group` (`has_meetings`)
    while a meeting of it is to come.
    """
    demand(actor, federation_id)
    group = group_of(federation_id, kind)
    if group is None:
        return
    db.session.refresh(group, with_for_update={"key_share": True})
    if group.retired_at is not None:
        return
    if upcoming(actor, federation_id, group.id):
        raise InvalidInput("group", "has_meetings")
    group.retired_at = clock.now()
    members = members_today(group)
    for member in members:
        member.to_on = clock.today()
    db.session.flush()
    _record(actor, "meeting.group_retired", group, {"user_ids": [member.user_id for member in members]})


def rename_group(actor: Actor, federation_id: int, kind: GroupKind, name: str) -> None:
    """What the federation calls the group; empty, it is called by its kind. Raises InvalidInput on `name`."""
    demand(actor, federation_id)
    words = " ".join(name.split())
    refuse_identity_numbers(name=words)
    if len(words) > LONGEST_NAME:
        raise InvalidInput("name", "too_long")
    group = group_for(federation_id, kind)
    db.session.refresh(group, with_for_update={"key_share": True})
    if group.name == words:
        return
    group.name = words
    db.session.flush()
    _record(actor, "meeting.group_named", group, {})


def members_of(actor: Actor, federation_id: int, kind: GroupKind) -> list[GroupMember]:
    """Who belongs to the group today, in the order in which they came."""
    demand(actor, federation_id)
    group = group_of(federation_id, kind)
    return members_today(group) if group is not None else []


def members_today(group: MeetingGroup) -> list[GroupMember]:
    query = select(GroupMember).where(GroupMember.group_id == group.id, GroupMember.to_on.is_(None))
    return list(db.session.scalars(query.options(joinedload(GroupMember.user)).order_by(GroupMember.id)))


def add_member(actor: Actor, federation_id: int, kind: GroupKind, user_id: int) -> GroupMember:
    """From today on the person reads the group's material. Somebody who belongs to it already stays as they are.

    Raises NotAllowedToSee for somebody without a role in force in the federation.
    """
    demand(actor, federation_id)
    if not _has_role(federation_id, user_id):
        raise NotAllowedToSee(f"user {user_id}")
    group = group_to_use(federation_id, kind)
    found = _membership(group, user_id)
    if found is not None:
        return found
    member = GroupMember(federation_id=federation_id, group_id=group.id, user_id=user_id, from_on=clock.today())
    try:
        with db.session.begin_nested():
            db.session.add(member)
            db.session.flush()
    except IntegrityError:
        existing = _membership(group, user_id)
        if existing is None:
            raise
        return existing
    _record(actor, "meeting.member_added", group, {"user_id": user_id})
    return member


def remove_member(actor: Actor, federation_id: int, kind: GroupKind, user_id: int) -> None:
    """From now on they read nothing of the group; twice is once. NotAllowedToSee for who never belonged to it."""
    demand(actor, federation_id)
    group = group_of(federation_id, kind)
    if group is None or not _has_belonged(group, user_id):
        raise NotAllowedToSee(f"member {user_id}")
    db.session.refresh(group, with_for_update={"key_share": True})
    member = _membership(group, user_id)
    if member is None:
        return
    member.to_on = clock.today()
    db.session.flush()
    _record(actor, "meeting.member_removed", group, {"user_id": user_id})


def end_memberships(actor: Actor, user: User, federation_id: int) -> None:
    """For whoever may read no material in the federation any more; a role that they get later brings none of it back.

    Called when a role ends (`accounts.service`): who may take the role may take what hangs on it.
    """
    if actor_for(user).may(Right.READ_MATERIAL, federation_id):
        return
    query = select(GroupMember).where(
        GroupMember.user_id == user.id, GroupMember.federation_id == federation_id, GroupMember.to_on.is_(None)
    )
    members = db.session.scalars(query.order_by(GroupMember.id).with_for_update()).all()
    for member in members:
        member.to_on = clock.today()
    db.session.flush()
    for member in members:
        group = db.session.get_one(MeetingGroup, member.group_id)
        _record(actor, "meeting.member_removed", group, {"user_id": user.id, "because": "role_ended"})


def _has_role(federation_id: int, user_id: int) -> bool:
    """Whether they may read material there; the roles are held, so that none ends before the membership is there."""
    query = select(RoleAssignment).where(
        RoleAssignment.user_id == user_id,
        RoleAssignment.federation_id == federation_id,
        RoleAssignment.suspended_at.is_(None),
    )
    held = db.session.scalars(query.order_by(RoleAssignment.id).with_for_update()).all()
    active = db.session.scalar(select(User.active).where(User.id == user_id))
    return bool(active) and any(Right.READ_MATERIAL in RIGHTS[Role(row.role)] for row in held)


def _has_belonged(group: MeetingGroup, user_id: int) -> bool:
    query = select(GroupMember.id).where(GroupMember.group_id == group.id, GroupMember.user_id == user_id)
    return db.session.scalar(query.limit(1)) is not None


def belongs_to(user_id: int | None, group_id: int) -> bool:
    """Whether the person is listed in the group today."""
    query = select(GroupMember.id).where(
        GroupMember.group_id == group_id, GroupMember.user_id == user_id, GroupMember.to_on.is_(None)
    )
    return user_id is not None and db.session.scalar(query) is not None


def group_ids_of(user_id: int | None, federation_id: int) -> list[int]:
    """The federation's groups in which the person is listed today."""
    query = select(GroupMember.group_id).where(
        GroupMember.user_id == user_id, GroupMember.federation_id == federation_id, GroupMember.to_on.is_(None)
    )
    return list(db.session.scalars(query.order_by(GroupMember.group_id)))


def users_in(group: MeetingGroup) -> list[User]:
    return [member.user for member in members_today(group)]


def _membership(group: MeetingGroup, user_id: int) -> GroupMember | None:
    return db.session.scalar(
        select(GroupMember).where(
            GroupMember.group_id == group.id, GroupMember.user_id == user_id, GroupMember.to_on.is_(None)
        )
    )


def _record(actor: Actor, kind: str, group: MeetingGroup, data: dict[str, Any]) -> None:
    values = {"kind": group.kind, **data}
    record(
        actor, kind, federation_id=group.federation_id, subject_type="meeting_group", subject_id=group.id, data=values
    )
