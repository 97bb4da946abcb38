"""For whom the work is done: said at an edge, widened inside, and as it was when the block ends. No database."""

from __future__ import annotations

import pytest

from lexheller.core import tenancy


def test_p15_what_is_said_in_a_block_ends_with_it():
    with tenancy.nobody():
        tenancy.work_for([1])
        with tenancy.within(2):
            assert tenancy.present() == {2}
            tenancy.work_also_for(3)
            assert tenancy.present() == {2, 3}
        assert tenancy.present() == {1}
        with tenancy.also(4):
            assert tenancy.present() == {1, 4}
        with pytest.raises(RuntimeError), tenancy.everybody():
            raise RuntimeError
        assert tenancy.present() == {1}


def test_whoever_works_for_everybody_goes_on_doing_so():
    with tenancy.everybody():
        with tenancy.also(1):
            assert tenancy.present() is None
        tenancy.work_also_for(1)
        assert tenancy.work_for_owner(lambda: 1)
        assert tenancy.present() is None
        with tenancy.within(1):
            assert tenancy.present() == {1}


def test_p15_what_a_secret_code_leads_to_narrows_to_its_owner_and_to_nobody_where_there_is_none():
    seen: list[object] = []

    def found(owner: int | None) -> int | None:
        seen.append(tenancy.present())
        return owner

    with tenancy.within(1):
        assert tenancy.work_for_owner(lambda: found(2))
        assert tenancy.present() == {2}
        assert not tenancy.work_for_owner(lambda: found(None))
        assert tenancy.present() == set()
    assert seen == [None, None], "the question itself sees every federation"
