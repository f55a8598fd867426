"""How a finished English message is said in another language."""

import time

import pytest

from withheld_cli.language import PLURALS
from withheld_cli.translation import Translator

SAYINGS = {
    "nothing waits": "ничего не ждёт",
    "{0} rows erased": "стёрто {0} {0:строка|строки|строк}",
    "note: {0}": "замечание: {0!t}",
    "{0}: the file is empty": "{0}: файл пуст",
    "{0}: the file is empty; row {1}": "{0}: файл пуст; строка {1}",
    "left out:   {0} {1}": "не вошли:   {0} {1!t}",
    "what to do: {0}": "что делать: {0!t}",
    "name a file": "назовите файл",
    "make room, then run again; nothing was kept": "освободите место и запустите снова",
    "{0} in {1}": "в {1}: {0}",
    "{0} ({1} rows)": "{0!t} ({1} {1:строка|строки|строк})",
}


def said(text):
    return Translator(SAYINGS, PLURALS["ru"])(text)


@pytest.mark.parametrize(
    ("number", "form"),
    [
        (0, "строк"),
        (1, "строка"),
        (2, "строки"),
        (5, "строк"),
        (11, "строк"),
        (14, "строк"),
        (21, "строка"),
        (111, "строк"),
        (112, "строк"),
        (122, "строки"),
        (1001, "строка"),
    ],
)
def test_a_word_agrees_with_its_number(number, form):
    assert said(f"{number} rows erased") == f"стёрто {number} {form}"


@pytest.mark.parametrize(("number", "form"), [("1,001", "строка"), ("1.5", "строки"), ("12%", "строки")])
def test_a_number_may_be_written_in_other_ways(number, form):
    assert said(f"{number} rows erased") == f"стёрто {number} {form}"


def test_white_space_around_a_text_stays():
    assert said("    nothing waits\n") == "    ничего не ждёт\n"


def test_what_is_not_known_stays_as_it_is():
    assert said("something new happened") == "something new happened"
    assert said("") == ""


def test_a_value_is_translated_only_where_the_translation_says_so():
    assert said("note: nothing waits") == "замечание: ничего не ждёт"
    assert said("nothing waits: the file is empty") == "nothing waits: файл пуст", "a file of that name"


def test_a_value_may_look_like_a_hole():
    assert said("{0!t}.csv: the file is empty") == "{0!t}.csv: файл пуст"
    assert said(r"\g<0>.csv: the file is empty") == r"\g<0>.csv: файл пуст"


def test_the_text_with_more_words_of_its_own_is_taken():
    assert said("a.csv: the file is empty; row 3") == "a.csv: файл пуст; строка 3"


def test_a_known_end_behind_a_file_and_a_key_is_translated():
    assert said("a.yml: name: name a file") == "a.yml: name: назовите файл"


def test_a_number_is_found_behind_the_last_of_several_marks():
    assert said("lost (all of it) (3 rows)") == "lost (all of it) (3 строки)"


def test_what_has_no_number_where_one_should_be_is_another_text():
    assert said("no rows erased") == "no rows erased"
    assert said("note: 2 rows erased") == "замечание: стёрто 2 строки"


def test_holes_may_change_places():
    assert said("cells in table") == "в table: cells"


def test_each_item_of_a_list_is_translated_also_one_with_a_semicolon():
    told = "what to do: name a file; make room, then run again; nothing was kept; call her"
    assert said(told) == "что делать: назовите файл; освободите место и запустите снова; call her"


def test_lines_are_translated_one_by_one():
    assert said("nothing waits\n2 rows erased") == "ничего не ждёт\nстёрто 2 строки"


def test_a_hostile_file_name_takes_no_time():
    start = time.process_time()
    said("note: " + " in : the file is empty; row" * 600)
    assert time.process_time() - start < 1
