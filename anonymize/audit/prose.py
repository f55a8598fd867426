"""Every text that a page or a picture shows or says, and where it stands.

Read with the standard library's parser, which takes HTML and SVG alike. Style sheets with their embedded
fonts are no text; everything else is, attributes that are read aloud or by programs included.
"""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

SILENT = frozenset({"style", "script"})
SPOKEN = frozenset({"alt", "title", "aria-label", "aria-description", "aria-valuenow", "aria-valuetext"})
VOID = frozenset({"img", "meta", "link", "br", "hr", "input", "source", "wbr", "base", "area", "col"})
NOT_PROSE = frozenset({"cells", "sql", "period"})  # of a chart's JSON: checked as cells, or no text


class Text(NamedTuple):
    """A text, the element or attribute it stands in, and the id of the section around it ('' for none)."""

    place: str
    text: str
    section: str


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[Text] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        section = self._open[-1][1] if self._open else ""
        named = dict(attrs).get("id") or ""
        if tag == "section":
            section = named
        for name, value in attrs:
            if value and (name in SPOKEN or name.startswith("data-") or (tag, name) == ("meta", "content")):
                self.texts.append(Text(f"@{name}", value, section))
        if tag not in VOID:
            self._open.append((tag, section))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if any(tag == name for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        tag, section = self._open[-1] if self._open else ("", "")
        if data.strip() and tag not in SILENT:
            self.texts.append(Text(tag, data, section))

    def handle_comment(self, data: str) -> None:
        self.texts.append(Text("comment", data, ""))


def texts_of(path: Path) -> list[Text]:
    """Return the texts of an SVG, HTML or JSON file in their order.

    Raises:
        ValueError: The file cannot be read.
    """
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        return [Text("json", text, "") for text in _strings(json.loads(content))]
    parser = _Texts()
    parser.feed(content)
    parser.close()
    return parser.texts


def _strings(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for key, value in found.items():
            if key not in NOT_PROSE:
                yield from _strings(value)
    elif isinstance(found, list):
        for value in found:
            yield from _strings(value)
    elif isinstance(found, int | float) and not isinstance(found, bool):
        yield str(found)
