"""A group may have a name of its own in Russian."""

import datetime
from dataclasses import replace

from anonymize.release import ReleaseSettings, _russian_names


def test_a_release_says_the_russian_name_of_its_group_only_where_there_is_one() -> None:
    settings = ReleaseSettings(
        release_id="R", group="Group", publisher="", licence="", licence_url="", contact="", base_url="",
        built_at=datetime.date(2026, 1, 1), record_delay_days=90, contributing_organisations=1,
        withheld_version="0",
    )  # fmt: skip
    assert _russian_names(settings) == {}
    named = replace(settings, group_ru="Группа")
    assert _russian_names(named)["publisher_ru"] == "Группа"
    assert _russian_names(replace(named, publisher="Press")) == {"group_name_ru": "Группа"}
