"""Write the draft of a declaration: YAML that a person reads, each doubtful line marked.

Cells of the file stand in it only where a column is surely one of categories, to fill in their codes.
"""

import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codebook import Codebook, fold

from .arrange import Arrangement, Part
from .groups import Group
from .match import DROPPED, IGNORED, MAPPED, UNMAPPED, Suggestion
from .spellings import nearest_code, spellings_to_fill_in

_PLAIN = re.compile(r"[^\W\d_](?:[\w /().+-]*[\w).])?")
_YAML_WORDS = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})
_WIDTH = 100
# What stands at the foot of a sheet of cases where a program or a person has added it up.
_SUMS = frozenset(
    {"итого", "итог", "всего", "всего случаев", "сумма", "total", "totals", "grand total", "sum"}
)
_FORM_MARKS = frozenset({"_uuid", "_submission_time"})  # columns that form servers add to an export


@dataclass(frozen=True)
class Draft:
    """A draft declaration and what is to be said of it; counts only, no cell of the file.

    Attributes:
        sure, unsure, unmapped: Columns (a numbered group counts once a column).
        questions: Lines of the draft that are marked unsure, those not of one column too.
    """

    name: str
    text: str
    rows: int
    sure: int
    unsure: int
    unmapped: int
    ignored: int
    questions: int
    notices: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return the summary for a terminal."""
        return [
            f"{self.rows} rows were looked at, nothing was stored",
            f"columns: {self.sure} sure, {self.unsure} unsure, {self.unmapped} unmapped, "
            f"{self.ignored} left out",
            f"{self.questions} lines of the draft are marked unsure",
            *(f"note: {notice}" for notice in self.notices),
        ]


def write_draft(found: Arrangement, name: str, book: Codebook) -> Draft:
    """Return the draft for an arrangement."""
    lines = list(_head(found, name))
    lines += _table(found.main, book, "")
    lines += _whole_file(found)
    lines += _consent(found)
    lines += _repeats(found, book)
    text = "\n".join(lines) + "\n"
    told = found.all_suggestions
    doubtful = sum(one.kind == MAPPED and bool(one.why) for one in told) + sum(
        one.kind == IGNORED and bool(one.why) for one in told
    )
    return Draft(
        name=name,
        text=text,
        rows=found.main.table.n_rows,
        sure=sum(one.kind == MAPPED and not one.why for one in told),
        unsure=doubtful,
        unmapped=sum(one.kind == UNMAPPED for one in told),
        ignored=sum(one.kind in (IGNORED, DROPPED) and not one.why for one in told),
        questions=text.count("# unsure: "),
        notices=tuple(_notices(found)),
    )


def _head(found: Arrangement, name: str) -> Iterator[str]:
    file = found.file
    yield "# A draft made from headings and values. Nothing is read with it until a person has confirmed it:"
    yield "# look at every line marked `unsure`, correct it if need be, then remove the line `draft: true`."
    yield "# The keys: ingest/sources/README.md. The fields: codebook/fields.yml. The codes: codebook/codes/."
    yield "draft: true"
    yield f"name: {quoted(name)}"
    yield 'version: "1"'
    yield f"format: {file.format}"
    yield f"language: {_language(found)}"
    if file.encoding:
        yield f"encoding: {file.encoding}  # unsure: guessed ({file.encoding_why}); confirm"
    if file.delimiter:
        yield f"delimiter: {json.dumps(file.delimiter)}"
    if file.path:
        yield f"path: {quoted(file.path)}"
    if found.main.table.name:
        yield f"sheet: {quoted(found.main.table.name)}"
    if found.left:
        yield f"ignore_sheets: {_list(found.left)}  # unsure: not read; do they hold cases?"
    yield f"recognise: {_list([one.column for one in found.main.suggestions if one.kind == MAPPED][:6])}"
    yield from _key(found)
    yield from _sums(found)


def _key(found: Arrangement) -> Iterator[str]:
    if found.key:
        mark = f"  # unsure: {found.key_why}" if found.key_why else f"  # {found.key_note}"
        yield f"key: {_list(found.key)}{mark}"
    else:
        yield f"# unsure: {found.key_why}"
        yield "# key: [COLUMN]"
    if found.incident_by:
        yield f"incident_by: {_list(found.incident_by)}  # unsure: {found.incident_why}"


def _sums(found: Arrangement) -> Iterator[str]:
    """Declare the row of a sum, which would be taken for a case: the first column that names one tells it."""
    for column in found.main.table.columns.values():
        named = sorted(cell for cell in column.cells if fold(cell).rstrip(" :.") in _SUMS)
        if named:
            why = "# unsure: are these rows sums, and no cases?"
            yield f"skip_rows: {{{quoted(column.name)}: {_list(named)}}}  {why}"
            return


def _language(found: Arrangement) -> str:
    names = " ".join(found.main.table.columns)
    return "ru" if re.search("[а-яё]", names.lower()) else "en"


def _table(part: Part, book: Codebook, indent: str) -> Iterator[str]:
    mapped = [one for one in part.suggestions if one.kind == MAPPED]
    yield f"{indent}columns:" if mapped else f"{indent}columns: {{}}"
    for one in mapped:
        yield from _column(one, book, indent + "  ")
    if part.date_parts:
        yield f"{indent}combine:"
        options = f"columns: {_list(part.date_parts)}, join: {json.dumps(part.date_join)}"
        mark = "# unsure: is it the date of the incident?"
        yield f"{indent}  - {{field: incident.date_incident, {options}}}  {mark}"
    yield from _constants(part.suggestions, indent)
    if part.groups:
        yield f"{indent}column_groups:"
        for group in part.groups:
            yield from _group(group, book, indent + "  ")
    yield from _left_out(part, indent)


def _group(group: Group, book: Codebook, indent: str) -> Iterator[str]:
    yield f"{indent}- numbers: [{', '.join(group.numbers)}]"
    yield f"{indent}  columns:"
    for one in group.suggestions:
        if one.kind == MAPPED:
            yield from _column(one, book, indent + "    ")
    yield from _constants(group.suggestions, indent + "  ")


def _column(one: Suggestion, book: Codebook, indent: str) -> Iterator[str]:
    options = dict(one.options)
    mark = f"  # unsure: {one.why}" if one.why else f"  # {one.note}" if one.note else ""
    spellings = spellings_to_fill_in(one)
    if list(options) == ["field"] and not spellings:
        yield f"{indent}{quoted(one.column)}: {options['field']}{mark}"
        return
    if not spellings:
        inside = ", ".join(f"{key}: {_option(key, value)}" for key, value in options.items())
        yield f"{indent}{quoted(one.column)}: {{{inside}}}{mark}"
        return
    yield f"{indent}{quoted(one.column)}:{mark}"
    for key, value in options.items():
        yield f"{indent}  {key}: {_option(key, value)}"
    yield f"{indent}  # Fill in a code for each spelling and take the `# ` off; the rest waits in quarantine."
    yield from _codes(one, book, indent)
    yield f"{indent}  # values:"
    for text, n in spellings:
        near = nearest_code(text, book.code_lists[one.code_list])
        perhaps = f"; perhaps {near}" if near else ""
        yield f"{indent}  #   {json.dumps(text, ensure_ascii=False)}: CODE  # {n} cells{perhaps}"


def _codes(one: Suggestion, book: Codebook, indent: str) -> Iterator[str]:
    codes = "The codes: " + ", ".join(book.code_lists[one.code_list].codes)
    yield from textwrap.wrap(
        codes, _WIDTH, initial_indent=f"{indent}  # ", subsequent_indent=f"{indent}  #   "
    )


def _option(key: str, value: str) -> str:
    return json.dumps(value, ensure_ascii=False) if key == "separator" else value


def _left_out(part: Part, indent: str) -> Iterator[str]:
    grouped = (_numbered(one, n) for g in part.groups for one in g.suggestions for n in g.numbers)
    told = [*part.suggestions, *grouped]
    left = [one for one in told if one.kind in (IGNORED, UNMAPPED)]
    if left:
        yield f"{indent}ignore:"
        for one in left:
            mark = f"  # unsure: {one.why}" if one.why else f"  # {one.note}" if one.note else ""
            yield f"{indent}  - {quoted(one.column)}{mark}"
    if dropped := [one.column for one in told if one.kind == DROPPED]:
        yield f"{indent}drop_coordinates: {_list(dropped)}"


def _numbered(one: Suggestion, number: str) -> Suggestion:
    return Suggestion(one.column.replace("{n}", number), one.kind, why=one.why)


def _whole_file(found: Arrangement) -> Iterator[str]:
    if not any(target.startswith("person.") for target in found.targets()):
        yield "person: implied  # unsure: no column speaks of a person; one is counted for each record"


def _constants(suggestions: Sequence[Suggestion], indent: str) -> Iterator[str]:
    targets = {one.target for one in suggestions}
    lines = []
    if targets & {"incident.region", "incident.settlement"}:
        lines.append(
            "incident.country: RU  # unsure: did all of it happen in Russia? If not, remove this line"
        )
    if "request.cost" in targets and "request.currency" not in targets:
        lines.append("request.currency: RUB  # unsure: are all amounts in roubles?")
    if lines:
        yield f"{indent}constants:"
        yield from (f"{indent}  {line}" for line in lines)


def _consent(found: Arrangement) -> Iterator[str]:
    if any("consent" in one.options for one in found.all_suggestions):
        return
    yield "# unsure: no column of consent was found. Without one NOBODY of this file is counted in any table."
    yield "# If all persons agreed to anonymous statistics in another way (a signed form, a rule you have),"
    yield "# take the `# ` off the next two lines and say where and when they agreed, in your own words:"
    yield "# consent:"
    yield "#   - {scope: statistics, status: given, given_by: self, basis: WHERE AND WHEN}"


def _repeats(found: Arrangement, book: Codebook) -> Iterator[str]:
    if not found.repeats:
        return
    yield "repeats:"
    for part in found.repeats:
        mark = f"  # unsure: {part.why}" if part.why else ""
        yield f"  - {'sheet' if part.join else 'path'}: {quoted(part.table.name)}{mark}"
        if part.join:
            yield f"    join: {{{', '.join(f'{quoted(a)}: {quoted(b)}' for a, b in part.join.items())}}}"
        yield from _table(part, book, "    ")


def _notices(found: Arrangement) -> Iterator[str]:
    yield from found.file.notices
    if found.file.format == "csv" and set(found.main.table.columns) >= _FORM_MARKS:
        yield "a form's CSV lacks its repeated groups (persons, help): if it has any, export it as XLSX"
    if found.file.encoding:
        yield f"the file is not UTF-8: {found.file.encoding_why}"
    yield from (
        f"{one.column}: {one.note or one.why}"
        for one in found.all_suggestions
        if "first part above 12" in (one.note + one.why)
    )
    if not any("consent" in one.options for one in found.all_suggestions):
        yield "no column of consent was found: without one nobody of this file is counted"


def _list(names: Sequence[str]) -> str:
    return "[" + ", ".join(quoted(name) for name in names) + "]"


def quoted(text: str) -> str:
    """Return a text as YAML: plain where that is safe, in double quotes otherwise."""
    if _PLAIN.fullmatch(text) and fold(text) not in _YAML_WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)
