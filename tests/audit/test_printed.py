"""Every number on a page or in a picture is a published one; any other is caught."""

import json
import sqlite3
from contextlib import closing

import pytest

from anonymize.audit import CHECKS, audit_release
from codebook import Verdict

from .fake_release import small_release

ONLY = {"printed_numbers": CHECKS["printed_numbers"]}
PAGE = """<!doctype html><html><head><title>Cases, 2022-2023</title><style>p {{ margin: 13px }}</style></head>
<body><p>Release 2024-04-01, rules r1, Licence CC-BY-4.0. {prose}</p><strong>80</strong>
<section id="incidents_place"><img alt="Bars. 9 numbers, from 0 to 50. {alt}"><table><tr><th>{th}</th>
<td>20</td><td>{td}</td></tr></table></section></body></html>"""
PICTURE = """<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><title>Places {title}</title>
<desc>p1: 20; p2: 0. {desc}</desc><style>@font-face {{ src: url(data:font/woff2;base64,AA13==) }}</style>
<text>{text}</text><text>40</text><g data-note="{data}"/><!-- {comment} --></svg>"""


def verdict(tmp_path, name, text):
    """Return the verdict on a release with one more file."""
    folder = small_release().write(tmp_path / "r1")
    (folder / "charts").mkdir()
    (folder / name).write_text(text, encoding="utf-8")
    return audit_release(folder, checks=ONLY).verdict


def filled(template, **texts):
    """Return a page or picture with some of its gaps filled."""
    names = ("prose", "alt", "th", "td", "title", "desc", "text", "data", "comment")
    return template.format(**dict.fromkeys(names, "") | texts)


def test_a_page_and_a_picture_with_published_numbers_pass(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    page = filled(PAGE, prose="between 76 and 84", alt="Rounded to 5, within 4.", th="2022", td="16")
    assert verdict(tmp_path / "a", "index.en.html", page) is Verdict.PASS
    picture = filled(PICTURE, desc="from 16 to 24", text="2023", comment="drawn by hand")
    assert verdict(tmp_path / "b", "charts/incidents_place.en.svg", picture) is Verdict.PASS


@pytest.mark.parametrize("where", ["alt", "th", "td"])
def test_an_exact_number_on_a_page_is_caught(tmp_path, where):
    assert verdict(tmp_path, "index.ru.html", filled(PAGE, **{where: "13"})) is Verdict.FAIL


@pytest.mark.parametrize("number", ["13", "n = 13", "12,345", "3.7"])
@pytest.mark.parametrize("where", ["title", "desc", "text", "data", "comment"])
def test_an_exact_number_in_a_picture_is_caught(tmp_path, where, number):
    picture = filled(PICTURE, **{where: number})
    assert verdict(tmp_path, "charts/incidents_place.en.svg", picture) is Verdict.FAIL


def test_a_number_of_another_table_is_caught_in_a_picture(tmp_path):
    # 45 incidents of 2023 are verified; no place has 45.
    picture = filled(PICTURE, desc="p1: 43")
    assert verdict(tmp_path, "charts/incidents_place.en.svg", picture) is Verdict.FAIL


def test_an_unknown_number_in_running_text_is_put_to_a_person(tmp_path):
    assert verdict(tmp_path, "index.en.html", filled(PAGE, prose="We know 77 more.")) is Verdict.REVIEW
    words = json.dumps({"cells": [], "words": {"en": {"alt": "We know 77 more."}}})
    (tmp_path / "json").mkdir()
    assert verdict(tmp_path / "json", "charts/incidents_place.json", words) is Verdict.REVIEW


def test_a_chart_file_that_cannot_be_read_fails(tmp_path):
    assert verdict(tmp_path, "charts/incidents_place.json", "{not json") is Verdict.FAIL


def test_a_second_picture_of_a_table_is_read_like_the_first(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    # As the page writes it where two codes are withheld; 45 is printed by another table only.
    page = filled(PAGE, alt="Withheld (2): p1; p2.").replace("incidents_place", "incidents_place-shares")
    assert verdict(tmp_path / "a", "index.en.html", page) is Verdict.PASS
    assert verdict(tmp_path / "b", "index.en.html", page.replace("(2)", "(45)")) is Verdict.FAIL


def test_the_second_release_of_a_day_may_be_named_by_its_number(tmp_path):
    folder = small_release().write(tmp_path / "r1")
    with closing(sqlite3.connect(folder / "release.db")) as database, database:
        database.execute("UPDATE release SET value = '2024-04-01-2' WHERE key = 'release_id'")
    page = filled(PAGE, prose="Release 2024-04-01-2.")
    (folder / "index.en.html").write_text(page, encoding="utf-8")
    assert audit_release(folder, checks=ONLY).verdict is Verdict.PASS
