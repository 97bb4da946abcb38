"""A document as plain JSON and back: what is frozen is read as it was told."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lexheller.action_reports.document import Document
from lexheller.action_reports.document_data import document_of, plain
from tests.unit.action_reports.sample import sample


def without_frame(document: Document) -> Document:
    return replace(document, facts=(), hash="", to_sign=False)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.from_type(Document))
def test_p29_what_is_told_comes_back_from_json_as_it_was(document):
    told = plain(document)
    stored = json.loads(json.dumps(told))
    assert stored == told
    assert document_of(stored) == without_frame(document)
    assert plain(document_of(stored)) == told


def test_p29_a_whole_report_comes_back_too():
    document = sample()
    assert document_of(plain(document)) == without_frame(document)


def test_a_kind_of_block_that_is_none_is_not_read_as_another():
    told = plain(sample())
    told["chapters"][0]["blocks"][0]["kind"] = "film"
    with pytest.raises(KeyError):
        document_of(told)
