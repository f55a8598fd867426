"""What a chart says, in words: for readers who hear it, counts and withheld cells included."""

from .chart_styles.frame import rounding_note, unit_text
from .chart_styles.look import Look
from .published import Bilingual, Code, Release
from .select import ChartData
from .words import period, say

MOST_NUMBERS = 24  # a longer list is no description any more; the table under the chart has every number

PHRASES: dict[str, Bilingual] = {
    "unit": Bilingual("Unit: {unit}, {years}.", "Единица: {unit}, {years}."),
    "shortened": Bilingual(
        "{number} numbers, from {lowest} to {highest}; all of them are in the table.",
        "Чисел: {number}, от {lowest} до {highest}; все они есть в таблице.",
    ),
    "withheld": Bilingual("Withheld ({number}): {names}.", "Скрыто ({number}): {names}."),
    "none_withheld": Bilingual("Nothing is withheld.", "Скрытых чисел нет."),
}


def alt_text(release: Release, data: ChartData, language: str) -> str:
    """Compose the alternative text of a chart in one language."""
    look = Look(data, language)
    unit = unit_text(data, language)
    years = period(release.fact("period_from"), release.fact("period_to"))
    parts = [
        data.declaration.alt.text(language),
        PHRASES["unit"].text(language).format(unit=unit, years=years),
        _numbers(look),
        _withheld(look),
        rounding_note(data, language),
        say("not_prevalence", language),
    ]
    return " ".join(part for part in parts if part)


def _named(look: Look, panel: Code, row: Code) -> str:
    return f"{look.name(panel)}, {look.name(row)}" if panel.code else look.name(row)


def _numbers(look: Look) -> str:
    data = look.data
    shown = [
        (panel, row, cell)
        for panel in data.panels
        for row in data.rows
        if (cell := data.cell(panel, row)) is not None and not cell.is_withheld
    ]
    if not shown:
        return ""
    if len(shown) <= MOST_NUMBERS:
        said = (f"{_named(look, panel, row)}: {look.label(cell)}" for panel, row, cell in shown)
        return "; ".join(said) + "."
    ordered = sorted((cell for _, _, cell in shown), key=lambda cell: cell.value or 0)
    phrase = PHRASES["shortened"].text(look.language)
    return phrase.format(number=len(shown), lowest=look.label(ordered[0]), highest=look.label(ordered[-1]))


def _withheld(look: Look) -> str:
    data = look.data
    names = [
        _named(look, panel, row)
        for panel in data.panels
        for row in data.rows
        if (cell := data.cell(panel, row)) is not None and cell.is_withheld
    ]
    if not names:
        return PHRASES["none_withheld"].text(look.language)
    return PHRASES["withheld"].text(look.language).format(number=len(names), names="; ".join(names))
