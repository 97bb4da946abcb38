"""All pages of the diary and of releases: joins the view modules that share the blueprint."""

from __future__ import annotations

from lexheller.records import batch_views, diary_views, release_check_views, release_views
from lexheller.records.blueprint import blueprint as blueprint

PAGES = (diary_views, release_views, release_check_views, batch_views)
