"""All attacks in full: every payload, string and planted number there is, by the very tests of tests/attack.

With every other test run their small versions are run where they stand, and there is nothing here.
"""

from __future__ import annotations

from tests.attack.sizes import FULL, chosen_size

if chosen_size() == FULL:
    from tests.attack.conftest import *  # noqa: F403
    from tests.attack.test_attack_surface import *  # noqa: F403
    from tests.attack.test_names_asked import *  # noqa: F403
    from tests.attack.test_planted_beside_forms import *  # noqa: F403
    from tests.attack.test_planted_numbers import *  # noqa: F403
    from tests.attack.test_races import *  # noqa: F403
    from tests.attack.test_scripts import *  # noqa: F403
    from tests.attack.test_sessions_and_headers import *  # noqa: F403
    from tests.attack.test_strange_texts import *  # noqa: F403
    from tests.attack.test_upload_bombs import *  # noqa: F403
