"""What a chart says, in words: for readers who hear it, counts and withheld cells included."""

from .chart_styles.frame import rounding_note, unit_text
from .chart_styles.look import Look
from .published import TOTAL, Bilingual, Cell, Code, Release
from .select import SHARE_MARK, ChartData
from .shares import shares_of
from .words import period, say

MOST_NUMBERS = 24  # a longer list is no description any more; the table under the chart has every number

PHRASES: dict[str, Bilingual] = {
    "unit": Bilingual("Unit: {unit}, {years}.", "Единица: {unit}, {years}."),
    "shortened": Bilingual(
        "{number} numbers, all of them in the table. {ranges}.",
        "Чисел: {number}, все они есть в таблице. {ranges}.",
    ),
    "range": Bilingual("{name}: from {lowest} to {highest}", "{name}: от {lowest} до {highest}"),
    "all": Bilingual("All", "Все"),
    "withheld": Bilingual("Withheld ({number}): {names}.", "Скрыто ({number}): {names}."),
    "none_withheld": Bilingual("Nothing is withheld.", "Скрытых чисел нет."),
}


def alt_text(release: Release, data: ChartData, language: str) -> str:
    """Compose the alternative text of a chart in one language."""
    look = Look(data, language)
    unit = unit_text(data, language)
    years = period(release.fact("period_from"), release.fact("period_to"))
    parts = [
        data.finding(language) and f"{data.finding(language)}.",
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
    if data.declaration.mark == SHARE_MARK:
        return _shares(look)
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
    ranges = [_range(look, [one for one in shown if one[0] == panel]) for panel in data.panels]
    phrase = PHRASES["shortened"].text(look.language)
    return phrase.format(number=len(shown), ranges="; ".join(part for part in ranges if part))


def _shares(look: Look) -> str:
    """Return the shares of every row, as the picture prints them."""
    said = []
    for row in look.data.rows:
        shares = shares_of(look.data, row)
        parts = ", ".join(f"{look.name(share.part)} {share.text}" for share in shares.parts)
        reason = say("withheld" if shares.is_withheld else "too_few", look.language)
        total = next((p for p in look.data.panels if p.code == TOTAL), None)
        whole = f" ({look.cell_label(total, row)})" if total else ""
        said.append(f"{look.name(row)}{whole}: {parts or reason}")
    return "; ".join(said) + "."


def _range(look: Look, shown: list[tuple[Code, Code, Cell]]) -> str:
    """Return the smallest and the largest number of one panel."""
    if not shown:
        return ""
    ordered = sorted((cell for _, _, cell in shown), key=lambda cell: cell.value or 0)
    panel = shown[0][0]
    name = look.name(panel) if panel.code else PHRASES["all"].text(look.language)
    phrase = PHRASES["range"].text(look.language)
    return phrase.format(name=name, lowest=look.label(ordered[0]), highest=look.label(ordered[-1]))


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
