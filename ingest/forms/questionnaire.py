"""The questionnaire as data: parts, questions, what each fills. Read once from `questionnaire.yml`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from codebook import Code, Codebook, Field, FieldType, Role, SourceError, load_codebook

_FILE = Path(__file__).with_name("questionnaire.yml")
_ANSWERS_TO_CONSENT = ("given", "refused", "not_asked")  # the other codes come later, or from another source
_QUESTION_KEYS = frozenset({
    "name", "field", "consent", "note", "list", "options", "several", "ends_record", "label", "hint",
    "message",
    "relevant", "constraint", "required", "default",
})  # fmt: skip
_TYPES = {
    FieldType.DATE: "date", FieldType.DATETIME: "dateTime", FieldType.INTEGER: "integer",
    FieldType.MONEY: "decimal",
}  # fmt: skip
Texts = Mapping[str, str]  # language -> text; empty where there is none


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        path: What it fills: `entity.field`, or the consent scope; empty for a note and for the first consent.
        kind: Its type in an XLSForm without a list: text, note, date, dateTime, integer, decimal, select.
        list_name: Name of its list of answers in the form; empty where it has none.
        codes: The answers, in order.
        ends_record: The answer with which the rest of the form is neither asked nor stored.
    """

    name: str
    kind: str
    path: str
    is_consent: bool
    label: Texts
    hint: Texts
    message: Texts
    list_name: str = ""
    codes: tuple[Code, ...] = ()
    several: bool = False
    ends_record: str = ""
    relevant: str = ""
    constraint: str = ""
    required: bool = False
    default: str = ""


@dataclass(frozen=True)
class Part:
    """A group or a repeat of questions; a repeat may hold repeats."""

    name: str
    repeated: bool
    label: Texts
    relevant: str
    questions: tuple[Question, ...]
    parts: "tuple[Part, ...]" = ()


@dataclass(frozen=True)
class Questionnaire:
    """The whole form."""

    identifier: str
    version: str
    title: Texts
    parts: tuple[Part, ...]

    @property
    def groups(self) -> tuple[Part, ...]:
        """The parts that are asked once."""
        return tuple(part for part in self.parts if not part.repeated)

    @property
    def repeats(self) -> tuple[Part, ...]:
        """The parts that are asked as often as needed."""
        return tuple(part for part in self.parts if part.repeated)

    def questions(self) -> Iterator[Question]:
        """Yield every question of the form."""
        parts = list(self.parts)
        while parts:
            part = parts.pop(0)
            yield from part.questions
            parts[:0] = part.parts


@cache
def packaged_questionnaire() -> Questionnaire:
    """Return the questionnaire that comes with Withheld."""
    return load_questionnaire(_FILE, load_codebook())


def load_questionnaire(path: Path, book: Codebook) -> Questionnaire:
    """Return a questionnaire, every label and list taken from the codebook where it says nothing else.

    Raises:
        SourceError: A key that means nothing, a name that stands twice, a text that lacks a language.
    """
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    parts = tuple(_part(one, book) for one in document["parts"])
    form = Questionnaire(document["id"], document["version"], _texts(document["title"], "title"), parts)
    names = [question.name for question in form.questions()]
    if len(set(names)) != len(names):
        raise SourceError(f"{path.name}: a question's name stands twice", remedy="rename one of them")
    return form


def _part(document: Mapping[str, Any], book: Codebook) -> Part:
    name = document.get("group") or document["repeat"]
    return Part(
        name=name,
        repeated="repeat" in document,
        label=_texts(document["label"], name),
        relevant=document.get("relevant", ""),
        questions=tuple(_question(one, book) for one in document["questions"]),
        parts=tuple(_part(one, book) for one in document.get("parts", ())),
    )


def _question(document: Mapping[str, Any], book: Codebook) -> Question:
    name = document["name"]
    if unknown := sorted(set(document) - _QUESTION_KEYS):
        raise SourceError(
            f"question {name}: keys that mean nothing: {', '.join(unknown)}", remedy="remove them"
        )
    known = book.field(document["field"]) if "field" in document else None
    code_list, options = _list_of(document, known)
    codes = tuple(book.code_lists[code_list].require(one) for one in options) if options else ()
    if code_list and not codes:
        codes = tuple(book.code_lists[code_list].codes.values())
    kind = "note" if document.get("note") else _TYPES.get(known.type, "text") if known else "text"
    return Question(
        name=name,
        kind="select" if codes else kind,
        path=document.get("field") or document.get("consent", ""),
        is_consent="consent" in document,
        label=_label(document, known, book),
        hint=_hint(document, known),
        message=_texts(document.get("message"), name),
        list_name=_list_name(document, code_list, options),
        codes=codes,
        several=document.get("several", False) or (known is not None and known.type is FieldType.CODES),
        ends_record=document.get("ends_record", ""),
        relevant=document.get("relevant", ""),
        constraint=document.get("constraint", ""),
        required=document.get("required", False),
        default=document.get("default", ""),
    )


def _list_of(document: Mapping[str, Any], known: Field | None) -> tuple[str, tuple[str, ...]]:
    """Return the code list of a question, and the codes of it that may be answered (all: none named)."""
    if "consent" in document:
        return "consent_status", _ANSWERS_TO_CONSENT
    if "list" in document:
        return document["list"], tuple(document["options"])
    return (known.code_list if known else ""), tuple(document.get("options", ()))


def _list_name(document: Mapping[str, Any], code_list: str, options: tuple[str, ...]) -> str:
    """Return the name of a list in the form: a shortened one has a name of its own."""
    if "consent" in document:
        return "consent_answer"
    return f"{code_list}_{document['name']}" if options else code_list


def _label(document: Mapping[str, Any], known: Field | None, book: Codebook) -> Texts:
    if "label" in document:
        return _texts(document["label"], document["name"])
    if "consent" in document:
        scope = book.code_lists["consent_scope"].require(document["consent"])
        return {"en": f"Consent: {scope.label_en}", "ru": f"Согласие: {scope.label_ru}"}
    if known is None:
        raise SourceError(f"question {document['name']}: has no label", remedy="give one in en and ru")
    return {"en": known.label_en, "ru": known.label_ru}


_MARKS = {
    Role.DIRECT_IDENTIFIER: {
        "en": "Identifies a person: stays in the encrypted vault. May be left blank.",
        "ru": "Позволяет узнать человека: остаётся в зашифрованном хранилище. Можно не заполнять.",
    },
    Role.SENSITIVE_ATTRIBUTE: {
        "en": "Sensitive: ask only what is needed. May be left blank.",
        "ru": "Чувствительные сведения: спрашивайте только нужное. Можно не заполнять.",
    },
}


def _hint(document: Mapping[str, Any], known: Field | None) -> Texts:
    """Return the hint of a question; identifying and sensitive ones say so."""
    own = _texts(document.get("hint"), document["name"])
    mark = _MARKS.get(known.role, {}) if known and not document.get("required") else {}
    return {language: " ".join(filter(None, (own[language], mark.get(language)))) for language in own}


def _texts(document: Any, place: str) -> Texts:
    if document is None:
        return {"en": "", "ru": ""}
    if set(document) != {"en", "ru"} or not all(isinstance(one, str) and one for one in document.values()):
        raise SourceError(f"questionnaire, {place}: a text needs en and ru", remedy="give both")
    return dict(document)
