"""What a release says about its own tables: catalogue, data dictionary and code lists, in two languages."""

from collections.abc import Sequence

from .dimensions import Coding
from .periods import ShownCode
from .policy import PlannedTable
from .record_columns import RECORD_COLUMNS, record_list
from .record_rows import ReleasedRecords
from .release_db import PublishedField
from .tables import ProtectedTable

# name, label en, label ru, description en, description ru, type
_MEASURES: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("value", "Published number", "Опубликованное число",
     "Rounded count or amount; empty where withheld. Exact numbers are not published.",
     "Округлённое число или сумма; пусто, если скрыто. Точные числа не публикуются.", "integer"),
    ("lower", "True number at least", "Истинное число не меньше",
     "The rule promises that the true number is not below this.",
     "Правило обещает, что истинное число не меньше этого.", "integer"),
    ("upper", "True number at most", "Истинное число не больше",
     "The rule promises that the true number is not above this.",
     "Правило обещает, что истинное число не больше этого.", "integer"),
    ("obs_status", "Status", "Статус",
     "SDMX observation status: A published, Q withheld.",
     "Статус наблюдения SDMX: A опубликовано, Q скрыто.", "text"),
    ("conf_status", "Confidentiality", "Конфиденциальность",
     "SDMX confidentiality status: F free, C confidential.",
     "Статус конфиденциальности SDMX: F свободно, C конфиденциально.", "text"),
)  # fmt: skip

_NOTES: dict[str, tuple[str, str]] = {
    "rounding": (
        "Every number is rounded; lower and upper say how far the true one can be. 0 can mean a few.",
        "Каждое число округлено; lower и upper показывают пределы истинного. 0 может значить несколько.",
    ),
    "suppression": (
        "Numbers are exact, and withheld where they would say too much about few people.",
        "Числа точные и скрыты там, где они сказали бы слишком много о немногих людях.",
    ),
    "suppression_rounded": (
        "Amounts are rounded, and withheld where too few people stand behind them.",
        "Суммы округлены и скрыты там, где за ними стоит слишком мало людей.",
    ),
}


def catalog_of(coding: Coding, table: ProtectedTable) -> dict[str, object]:
    """Return the catalogue entry of a table."""
    policy = coding.policy
    planned: PlannedTable = policy.tables[table.name]
    unit = policy.units[planned.unit]
    money = table.method == "suppression_rounded"
    exact = table.method == "suppression"
    note_en, note_ru = _NOTES[table.method]
    withheld = sum(row.value is None for row in table.rows)
    return {
        "name": table.name,
        "title_en": planned.title_en,
        "title_ru": planned.title_ru,
        "unit": planned.unit,
        "unit_label_en": unit.label_en,
        "unit_label_ru": unit.label_ru,
        "dimensions": ",".join(table.plan.columns),
        "cells": len(table.rows),
        "withheld_cells": withheld,
        "rounded_cells": len(table.rows) - withheld,
        "method": table.method,
        "base": policy.money.base if money else 1 if exact else policy.base,
        "base_sensitive": policy.money.base if money else 1 if exact else policy.base_sensitive,
        "threshold": policy.money.minimum_contributors if money else policy.threshold,
        "threshold_sensitive": policy.money.minimum_contributors if money else policy.threshold_sensitive,
        "note_en": note_en,
        "note_ru": note_ru,
    }


def codes_of_release(coding: Coding, records: ReleasedRecords | None) -> dict[str, Sequence[ShownCode]]:
    """Return code list -> codes for every column that the release shows."""
    codes: dict[str, dict[str, ShownCode]] = {}
    for table in coding.policy.tables.values():
        for column in table.columns:
            shown = codes.setdefault(column, {})
            shown.update({one.code: one for one in coding.shown_codes(column, table.unit)})
    lists: dict[str, Sequence[ShownCode]] = {name: list(shown.values()) for name, shown in codes.items()}
    if records:
        lists.update(records.codes)
    return lists


def fields_of_release(coding: Coding, records: ReleasedRecords | None) -> list[PublishedField]:
    """Return the data dictionary: one entry per column of every published table."""
    fields = []
    for name, table in coding.policy.tables.items():
        for column in table.columns:
            fields.append(_dimension_field(coding, name, column))
        unit = coding.policy.units[table.unit]
        for measure in _MEASURES:
            fields.append(PublishedField(name, *measure, role="measure", unit=unit.label_en))
    if records:
        fields += [_record_field(coding, column) for column in records.columns]
    return fields


def _dimension_field(coding: Coding, table_name: str, column: str) -> PublishedField:
    planned = coding.policy.dimensions[column]
    stacked = coding.policy.tables[table_name].stacked == column
    source = _codebook_field(coding, column)
    return PublishedField(
        table_name,
        column,
        planned.label_en,
        planned.label_ru,
        source or f"{planned.label_en}; codes in the table codes, _T is the total.",
        f"{planned.label_ru}; коды в таблице codes, _T — итог.",
        "code",
        "stacked" if stacked else "dimension",
        code_list=column,
    )


def _record_field(coding: Coding, column: str) -> PublishedField:
    label = RECORD_COLUMNS[column]
    sensitive = column == coding.policy.records.sensitive
    return PublishedField(
        "records",
        column,
        label.label_en,
        label.label_ru,
        f"{label.label_en}, generalised: every combination is shared by {coding.policy.records.k} or more.",
        f"{label.label_ru}, обобщено: каждое сочетание общее не менее чем у {coding.policy.records.k}.",
        "code",
        "SA" if sensitive else "QI",
        code_list=record_list(column),
    )


def _codebook_field(coding: Coding, column: str) -> str:
    for entity in coding.book.entities.values():
        if column in entity.fields:
            return f"{entity.fields[column].description} _T is the total."
    return ""
