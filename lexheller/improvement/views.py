"""The gathering of the office's improvement pages under one blueprint: each subject has a view module of its own."""

from __future__ import annotations

from lexheller.improvement import (
    action_step_views,
    action_views,
    fault_telling_views,
    fault_views,
    overview_views,
    pattern_views,
)
from lexheller.improvement.blueprint import blueprint as blueprint

PAGES = (fault_views, fault_telling_views, action_views, action_step_views, pattern_views, overview_views)
