"""The hash of an event (P14): pure, so that a separate program can verify an export with the same rule.

The hash is SHA-256 over canonical JSON (sorted keys, no spaces, UTF-8) of the fields below, the tenant and the format
version among them, and the previous event's hash. The first event follows sixty-four zeros.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

VERSION = 1
START = "0" * 64


def event_hash(
    *,
    federation_id: int,
    sequence: int,
    at: datetime,
    kind: str,
    subject_type: str,
    subject_id: int,
    actor_kind: str,
    actor_user_id: int | None,
    data: Mapping[str, Any],
    previous_hash: str,
) -> str:
    """Hex SHA-256 of the event. `at` is aware; it counts to the microsecond in UTC."""
    content = {
        "version": VERSION,
        "federation_id": federation_id,
        "sequence": sequence,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": kind,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "actor_kind": actor_kind,
        "actor_user_id": actor_user_id,
        "data": data,
        "previous_hash": previous_hash,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()
