"""What comes back from the questionnaire, declared: every way in which Kobo and ODK Central export it.

One declaration for each way, made from the questionnaire, so that form and declarations cannot part.
Source of the headers: KoboToolbox's exporter (formpack) and ODK Central's, as run for `shared/FORMATS.md`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .questionnaire import Part, Question, Questionnaire

Document = dict[str, Any]  # a declaration, as a YAML file says it

# What Kobo and Collect add by themselves: numbers of theirs, staff, devices, times of typing. Never stored.
_KOBO = (
    "_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by",
    "__version__",
    "_version_", "_tags", "_index", "_attachments", "_geolocation", "_xform_id_string", "_bamboo_dataset_id",
    "meta/instanceID", "meta/instanceName", "meta/deprecatedID", "meta/rootUuid", "formhub/uuid",
    "start", "end", "today", "username", "deviceid", "phonenumber", "simserial", "subscriberid", "audit",
)  # fmt: skip
_KOBO_REPEAT = (
    "_index", "_parent_table_name", "_parent_index", "_submission__id", "_submission__uuid",
    "_submission__submission_time", "_submission__validation_status", "_submission__notes",
    "_submission__status", "_submission__submitted_by", "_submission___version__", "_submission__tags",
)  # fmt: skip
_ODK = (
    "SubmissionDate", "meta-instanceID", "meta-instanceName", "SubmitterID", "SubmitterName",
    "AttachmentsPresent",
    "AttachmentsExpected", "Status", "ReviewState", "DeviceID", "Edits", "FormVersion", "KEY",
)  # fmt: skip
_ODK_SKIPPED = {"Status": ["not decrypted", "missing encrypted form data"], "ReviewState": ["rejected"]}
_LABELS = ("", "en", "ru")  # empty: XML names and values


@dataclass(frozen=True)
class _Way:
    """How one export writes the form.

    Attributes:
        heading: Header of a question, from the parts it lies in.
        choices: How several answers are written: `codes` or `labels` in one cell, `flags` in 0/1 columns.
        language: Of labels; empty where names and codes are written.
    """

    heading: Callable[[tuple[Part, ...], Question], str]
    choices: str
    language: str = ""


def form_documents(form: Questionnaire) -> Iterator[Document]:
    """Yield a declaration for every way in which an export of the form can look."""
    yield _kobo_json(form)
    for language in _LABELS:
        for grouped in (False, True):
            yield _kobo_csv(form, language, grouped=grouped)
            for flags in (True, False):
                yield _kobo_xlsx(form, language, grouped=grouped, flags=flags)
    for container in ("zip", "csv"):
        for grouped in (True, False):
            yield _odk(form, container, grouped=grouped)


def _kobo_json(form: Questionnaire) -> Document:
    way = _Way(lambda parts, one: "/".join((*(part.name for part in parts), one.name)), "codes")
    document = _main(form, way, "json", "kobo_json", "KoboToolbox, JSON of the API")
    document["path"] = "results"
    document["ignore"] += _KOBO
    document["repeats"] = [_nested(part, (), way) for part in form.repeats]
    return document


def _nested(part: Part, above: tuple[Part, ...], way: _Way) -> Document:
    inside = (*above, part)
    document = _table(part, inside, way) | {"path": "/".join(one.name for one in inside), "optional": "true"}
    return document | {"repeats": [_nested(one, inside, way) for one in part.parts]}


def _kobo_way(language: str, *, grouped: bool, flags: bool) -> _Way:
    def heading(parts: tuple[Part, ...], one: Question) -> str:
        own = one.label[language] if language else one.name
        above = [part.label[language] if language else part.name for part in parts] if grouped else []
        return "/".join((*above, own))

    return _Way(heading, "flags" if flags else "labels" if language else "codes", language)


def _kobo_name(kind: str, language: str, *, grouped: bool) -> str:
    return f"kobo_{kind}_{language or 'names'}{'_groups' if grouped else ''}"


def _kobo_xlsx(form: Questionnaire, language: str, *, grouped: bool, flags: bool) -> Document:
    way = _kobo_way(language, grouped=grouped, flags=flags)
    name = _kobo_name("xlsx", language, grouped=grouped) + ("" if flags else "_one_cell")
    document = _main(form, way, "xlsx", name, f"KoboToolbox, XLSX, {language or 'names'}")
    document["recognise"] += ["_index", "_submission_time"]
    document["ignore"] += _KOBO
    document["repeats"] = [_kobo_sheet(part, (), way) for part in form.repeats]
    return document


def _kobo_sheet(part: Part, above: tuple[Part, ...], way: _Way) -> Document:
    inside = (*above, part)
    document = _table(part, inside, way) | {"sheet": part.name, "join": {"_parent_index": "_index"}}
    document["ignore"] += _KOBO_REPEAT
    # A sheet nobody filled is left out by some versions; persons are what a form is for.
    if above:
        document["optional"] = "true"
    return document | {"repeats": [_kobo_sheet(one, inside, way) for one in part.parts]}


def _kobo_csv(form: Questionnaire, language: str, *, grouped: bool) -> Document:
    """Return what recognises a CSV, which lacks every repeat of the form and is refused with the remedy."""
    way = _kobo_way(language, grouped=grouped, flags=False)
    name = _kobo_name("csv", language, grouped=grouped)
    document = _main(form, way, "csv", name, f"KoboToolbox, CSV, {language or 'names'}: refused")
    several = [one for one in _asked(form) if one[1].several]
    document["recognise"] = [one for one in document["recognise"] if one not in
                             {way.heading(*asked) for asked in several}] + ["_index"]  # fmt: skip
    document["ignore"] += _KOBO
    document["ignore_pattern"] = [".*/.*"]
    document["delimiter"] = ";"
    document["form_repeats"] = [
        name for part in form.repeats for name in (part.name, *(inside.name for inside in part.parts))
    ]
    return document


def _odk(form: Questionnaire, container: str, *, grouped: bool) -> Document:
    def heading(parts: tuple[Part, ...], one: Question) -> str:
        above = [part.name for part in parts if not part.repeated] if grouped else []
        return "-".join((*above, one.name))

    way = _Way(heading, "codes")
    name = f"odk_{container}{'_groups' if grouped else ''}"
    document = _main(form, way, container, name, f"ODK Central, {container.upper()}")
    document["recognise"] += ["KEY", "SubmissionDate"]
    document["ignore"] += _ODK
    # Split choices stand beside the cell that lists them; Central writes only those that were ever chosen.
    document["ignore_pattern"] = [f"{way.heading(*asked)}/.*" for asked in _asked(form) if asked[1].several]
    document["skip_rows"] |= _ODK_SKIPPED
    document["repeats"] = [_odk_table(part, way) for part in form.repeats]
    if container == "csv":
        document["delimiter"] = ","
    return document


def _odk_table(part: Part, way: _Way) -> Document:
    document = _table(part, (part,), way) | {"sheet": part.name, "join": {"PARENT_KEY": "KEY"}}
    document["ignore"] += ["KEY"]
    document["ignore_pattern"] = [f"{one.name}/.*" for one in part.questions if one.several]
    document["optional"] = "true"
    return document | {"repeats": [_odk_table(one, way) for one in part.parts]}


def _asked(form: Questionnaire) -> list[tuple[tuple[Part, ...], Question]]:
    return [((group,), one) for group in form.groups for one in group.questions]


def _main(form: Questionnaire, way: _Way, container: str, name: str, description: str) -> Document:
    """Return what every declaration of the form begins with: the questions that are asked once."""
    columns: Document = {}
    ignored: list[str] = []
    ends: Document = {}
    first: list[str] = []
    for parts, one in _asked(form):
        found, left_out = _columns(parts, one, way)
        columns |= found
        ignored += left_out
        if one.ends_record:
            answer = next(code for code in one.codes if code.code == one.ends_record)
            ends[way.heading(parts, one)] = [answer.label(way.language) if way.language else answer.code]
        if one.required:
            first.append(way.heading(parts, one))
        elif one.several:
            first.append(next(iter(found)))
    code = next(way.heading(*asked) for asked in _asked(form) if asked[1].path == "incident.external_id")
    document = {
        "name": f"{form.identifier}_{name}", "version": form.version, "format": container,
        "description": f"The case form of `withheld template xlsform`: {description}",
        "recognise": first if container != "json" else [code], "key": [code], "columns": columns,
        "ignore": ignored, "skip_rows": ends, "optional_columns": "all", "code_space": form.identifier,
        "record_space": form.identifier,
        "constants": {"incident.country": "RU"},
    }  # fmt: skip
    return document | ({"language": way.language} if way.language else {})


def _table(part: Part, parts: tuple[Part, ...], way: _Way) -> Document:
    """Return the columns of a repeat; a question that the group took out of its form is not missed.

    Who did it is: without it nobody could tell a file whose answers are written the other way.
    """
    columns: Document = {}
    ignored: list[str] = []
    optional: list[str] = []
    for one in part.questions:
        found, left_out = _columns(parts, one, way)
        columns |= found
        ignored += left_out
        if not one.required and one.path != "act.relationship":
            optional += found
    return {"columns": columns, "ignore": ignored, "optional_columns": optional}


def _columns(parts: tuple[Part, ...], one: Question, way: _Way) -> tuple[Document, list[str]]:
    """Return the columns of a question with what they fill, and those that are left out."""
    heading = way.heading(parts, one)
    if not one.path:
        return {}, [heading]
    if one.is_consent:
        return {heading: {"consent": one.path}}, []
    if not one.several:
        return {heading: one.path}, []
    if way.choices == "flags":
        flags = {
            f"{heading}/{code.label(way.language) if way.language else code.code}":
            {"field": one.path, "flag": code.code} for code in one.codes
        }  # fmt: skip
        return flags, [heading]
    if way.choices == "labels":
        return {heading: {"field": one.path, "joined_labels": "true"}}, []
    return {heading: {"field": one.path, "separator": " "}}, []
