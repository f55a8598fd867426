"""What the codebook is made of: entities, fields, code lists, hierarchies, settlements.

Frozen data only; reading and cross-checking is in `load.py` and `check.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from .errors import CodebookError
from .folding import fold
from .inflection import phrase_forms
from .ladders import Ladder

TOTAL = "_T"  # SDMX's code for a total; no code list may use it


class Role(StrEnum):
    """What a field may do to the person it describes (RULES section 1)."""

    DIRECT_IDENTIFIER = "DI"
    QUASI_IDENTIFIER = "QI"
    SENSITIVE_ATTRIBUTE = "SA"
    OPERATIONAL = "OP"
    PUBLISHABLE = "PUB"


class FieldType(StrEnum):
    """What a field holds; `codes` is several codes of one list."""

    UUID = "uuid"
    TEXT = "text"
    DATE = "date"
    DATETIME = "datetime"
    INTEGER = "integer"
    MONEY = "money"
    CODE = "code"
    CODES = "codes"
    SHA256 = "sha256"


@dataclass(frozen=True)
class Field:
    """One field of one entity, as declared in `fields.yml`."""

    entity: str
    name: str
    label_en: str
    label_ru: str
    description: str
    type: FieldType
    role: Role
    code_list: str = ""
    hierarchy: str = ""
    unit: str = ""
    references: str = ""
    derived: bool = False  # computed by us, never typed, not a column of the vault
    identifier: bool = False  # stored only where the group asks to keep identifiers
    minimum: int | None = None
    maximum: int | None = None
    standards: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The name by which mappings and policies speak of the field: `entity.field`."""
        return f"{self.entity}.{self.name}"


@dataclass(frozen=True)
class Entity:
    """One kind of thing on record; a table of the vault."""

    name: str
    label_en: str
    label_ru: str
    description: str
    fields: Mapping[str, Field]

    @property
    def stored_fields(self) -> tuple[Field, ...]:
        """The fields that are columns of the vault, in order."""
        return tuple(one for one in self.fields.values() if not one.derived)


@dataclass(frozen=True)
class Code:
    """One code of a list, its labels, its parents in other lists and the spellings it was seen in."""

    code: str
    label_en: str
    label_ru: str
    parents: Mapping[str, str] = field(default_factory=dict)
    standards: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    also_seen: tuple[str, ...] = ()
    line: int = 0

    @property
    def sensitive(self) -> bool:
        """Whether counts of this code have the higher threshold (RULES rule 20)."""
        return self.attributes.get("sensitivity") == "high"

    def label(self, language: str) -> str:
        """Return the label in `en` or `ru`."""
        return {"en": self.label_en, "ru": self.label_ru}[language]


@dataclass(frozen=True)
class CodeList:
    """One list of codes, in display order."""

    name: str
    codes: Mapping[str, Code]

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """Folded spelling -> code, for every code, label and seen spelling that means one code only.

        A code of the list wins over another code's label: `unknown` is always the code `unknown`. Russian
        spellings are known in every case, where a form belongs to one code only and is no spelling itself.
        """
        found: dict[str, set[str]] = {}
        for code in self.codes.values():
            for spelling in (code.label_en, code.label_ru, *code.also_seen):
                found.setdefault(fold(spelling), set()).add(code.code)
        unambiguous = {spelling: codes.copy().pop() for spelling, codes in found.items() if len(codes) == 1}
        forms = {form: code for form, code in self._case_forms(found).items() if form not in found}
        return {**forms, **unambiguous, **{fold(code): code for code in self.codes}}

    @staticmethod
    def _case_forms(found: Mapping[str, set[str]]) -> dict[str, str]:
        forms: dict[str, set[str]] = {}
        for spelling, codes in found.items():
            for form in phrase_forms(spelling):
                forms.setdefault(form, set()).update(codes)
        return {form: next(iter(codes)) for form, codes in forms.items() if len(codes) == 1}

    def require(self, code: str) -> Code:
        """Return the code, or raise CodebookError; the unknown code itself is not quoted."""
        try:
            return self.codes[code]
        except KeyError:
            raise CodebookError(
                f"code list {self.name}: asked for a code that is not in it",
                remedy=f"add the code to codebook/codes/{self.name}.csv, or map it to one that is there",
            ) from None


@dataclass(frozen=True)
class Settlement:
    """A town or village of the gazetteer (GeoNames, CC BY 4.0); used to find a region, never published."""

    geonameid: int
    name_latin: str
    name_cyrillic: str
    region: str
    population: int
    also_seen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Codebook:
    """The shared vocabulary, read once and passed around."""

    entities: Mapping[str, Entity]
    code_lists: Mapping[str, CodeList]
    hierarchies: Mapping[str, Ladder]
    settlements: tuple[Settlement, ...]

    def field(self, path: str) -> Field:
        """Return the field named `entity.field`, or raise CodebookError."""
        entity, _, name = path.partition(".")
        try:
            return self.entities[entity].fields[name]
        except KeyError:
            raise CodebookError(
                f"the codebook has no field {path}",
                remedy="see codebook/fields.yml for the fields there are",
            ) from None

    def label(self, code_list: str, code: str, language: str) -> str:
        """Return the label of a code in `en` or `ru`."""
        return self.code_lists[code_list].require(code).label(language)
