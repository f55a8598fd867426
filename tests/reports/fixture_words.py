"""The words of the invented release, read from `fixture_words.yml`."""

from pathlib import Path
from typing import Any

import yaml

_WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))

CODE_LISTS: dict[str, list[tuple[str, str, str, int, str, str]]] = {
    name: [tuple(row) for row in rows] for name, rows in _WORDS["code_lists"].items()
}
TABLES: dict[str, tuple[str, tuple[str, ...], str, str]] = {
    name: (unit, tuple(columns), title_en, title_ru)
    for name, (unit, columns, title_en, title_ru) in _WORDS["tables"].items()
}
LABELS: dict[str, tuple[str, str, str, str]] = {
    name: tuple(words) for name, words in _WORDS["labels"].items()
}
