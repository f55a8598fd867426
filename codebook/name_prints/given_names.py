"""The packaged given names: which forms may be one person, and which names are known to be names."""

from functools import cache
from pathlib import Path

import yaml

from codebook.errors import CodebookError

from .spelling import neutral

_FILE = Path(__file__).with_name("given_names.yml")


@cache
def _read() -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    data = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or set(data) != {"one_person", "names"}:
        raise CodebookError(
            f"{_FILE.name}: one_person and names are expected, and nothing else",
            remedy="give the file these two keys; install Withheld again if you did not change it",
        )
    groups: dict[str, tuple[str, ...]] = {}
    for number, forms in enumerate(data["one_person"]):
        for form in {neutral(str(one)) for one in forms}:
            groups[form] = (*groups.get(form, ()), f"group {number}")
    known = {neutral(str(name)) for name in data["names"]}
    return groups, frozenset(known | groups.keys())


def groups_of(given: str) -> tuple[str, ...]:
    """Return the groups of forms that a given name in neutral spelling belongs to.

    >>> set(groups_of("masa")) <= set(groups_of("mara"))
    True
    """
    return _read()[0].get(given, ())


def is_given_name(word: str) -> bool:
    """Return whether a word in neutral spelling is a given name that we know."""
    return word in _read()[1]
