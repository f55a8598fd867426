"""The frame around every plot: title, subtitle, key of marks, source line; all of it inside the picture."""

from dataclasses import dataclass

from reports.published import Release
from reports.select import ChartData
from reports.words import number, period, say

from .canvas import Box, Canvas, Size
from .fonts import wrap
from .look import BAND
from .palette import ACCENT, HATCH, MARK_COLOURS, MUTED, RULE, tint
from .periods import period_notes

KEY_SWATCH = 40
NAMED_PERIODS = ("column_panels", "response_time", "lines", "grid", "money")  # they print short names
SIGNS = {
    "line_panels": "line",
    "lines": "line",
    "shares": "boundary",
    "tile_map": "",
    "grid": "",
    "money": "",
}
# mark -> sign of the key; others "interval"


@dataclass(frozen=True)
class FrameText:
    """The words around one chart in one language."""

    title: str
    subtitle: str
    keys: tuple[tuple[str, str], ...]  # sign ("interval", "line", "boundary", "withheld" or ""), text
    source: str
    withheld: str  # the word on hatching


def frame_text(release: Release, data: ChartData, language: str) -> FrameText:
    """Compose title, subtitle, key and source line of a chart."""
    unit = unit_text(data, language)
    years = period(release.fact("period_from"), release.fact("period_to"))
    subtitle = f"{unit[:1].upper()}{unit[1:]}, {years}. {say('not_prevalence', language)}"
    if data.finding(language):
        subtitle = f"{data.declaration.title.text(language)}. {subtitle}"
    source = [
        say("source", language, group=release.named("group_name", language), release=release.id),
        say("as_of", language, date=release.fact("data_as_of")),
    ]
    if release.fact("contributing_organisations"):
        source.append(say("organisations", language, number=release.fact("contributing_organisations")))
    source += [
        say("rules", language, rules=release.fact("rules_id")),
        say("licence", language, licence=release.fact("licence")),
    ]
    title = data.title(language)
    return FrameText(title, subtitle, _keys(data, language), " ".join(source), say("withheld", language))


def unit_text(data: ChartData, language: str) -> str:
    """Return what the numbers of a chart count."""
    label = data.table.unit_label.text(language)
    return say("thousand", language, unit=label) if data.table.is_money else label


def rounding_note(data: ChartData, language: str) -> str:
    """Return the sentence that says how the numbers of a chart are rounded."""
    bases = data.bases or (1,)
    if bases[-1] == 1:
        return say("exact", language)
    if data.table.is_money:
        base = bases[-1]
        return say("rounded_money", language, base=number(base, language), within=number(base - 1, language))
    note = say("rounded", language, base=bases[0], less=bases[0] - 1)
    if len(bases) > 1:
        note += " " + say("rounded_sensitive", language, base=bases[-1], less=bases[-1] - 1)
    return note


def _keys(data: ChartData, language: str) -> tuple[tuple[str, str], ...]:
    sign = SIGNS.get(data.declaration.mark, "interval")
    note = rounding_note(data, language)
    if sign == "line" and not data.table.is_money and any(cell.value == 0 for cell in data.cells.values()):
        note += " " + say("zero_line", language, less=data.bases[0] - 1)
    if sign == "interval" and data.bases and data.bases[-1] > 1:
        note += " " + say("strip_money" if data.table.is_money else "strip", language)
    keys = [("" if sign == "boundary" else sign, note)]
    if sign == "boundary":
        keys.insert(0, (sign, say("shares", language)))
    if data.withheld:
        keys.append(("withheld", say("key_withheld", language)))
    notes = period_notes(data, language)
    return (*keys, ("", notes)) if notes and data.declaration.mark in NAMED_PERIODS else tuple(keys)


def _key_lines(text: FrameText, size: Size) -> list[tuple[str, list[str]]]:
    room = size.width - 2 * size.margin
    return [(sign, wrap(words, room - _sign_room(sign), size.small)) for sign, words in text.keys]


def _sign_room(sign: str) -> float:
    return {"": 0, "withheld": KEY_SWATCH + 78}.get(sign, KEY_SWATCH)


def header_height(text: FrameText, size: Size) -> float:
    """Return the height from the top edge to the plot (px)."""
    room = size.width - 2 * size.margin
    titles = len(wrap(text.title, room, size.title, bold=True))
    subtitles = len(wrap(text.subtitle, room, size.text))
    return size.margin * 0.5 + 14 + titles * size.title * 1.22 + subtitles * size.text * 1.35 + 20


def footer_height(text: FrameText, size: Size) -> float:
    """Return the height from the plot to the bottom edge (px)."""
    keys = sum(len(lines) for _, lines in _key_lines(text, size)) + 0.35 * len(text.keys)
    sources = len(wrap(text.source, size.width - 2 * size.margin, size.small))
    return 16 + (keys + sources) * size.small * 1.4 + 16 + size.margin * 0.35


def draw_frame(canvas: Canvas, text: FrameText) -> Box:
    """Draw the words around a plot and return the room left for it (px)."""
    size = canvas.size
    room = size.width - 2 * size.margin
    top = size.margin * 0.5
    canvas.rectangle(Box(size.margin, top, 46, 5), ACCENT)
    top += 14
    for line in wrap(text.title, room, size.title, bold=True):
        canvas.text((size.margin, top + size.title), line, size.title, bold=True)
        top += size.title * 1.22
    top += 3
    for line in wrap(text.subtitle, room, size.text):
        canvas.text((size.margin, top + size.text), line, size.text, colour=MUTED)
        top += size.text * 1.35
    _draw_footer(canvas, text)
    head, foot = header_height(text, size), footer_height(text, size)
    return Box(size.margin, head, room, canvas.height - head - foot)


def _draw_footer(canvas: Canvas, text: FrameText) -> None:
    size = canvas.size
    step = size.small * 1.4
    top = canvas.height - footer_height(text, size) + 16
    for sign, lines in _key_lines(text, size):
        _draw_sign(canvas, sign, Box(size.margin, top + 2, _sign_room(sign) - 10, size.small), text.withheld)
        left = size.margin + _sign_room(sign)
        for line in lines:
            canvas.text((left, top + size.small), line, size.small)
            top += step
        top += step * 0.35
    canvas.line([(size.margin, top + 3), (size.width - size.margin, top + 3)], RULE, 1)
    top += 10
    for line in wrap(text.source, size.width - 2 * size.margin, size.small):
        canvas.text((size.margin, top + size.small), line, size.small, colour=MUTED)
        top += step


def _draw_sign(canvas: Canvas, sign: str, box: Box, withheld: str) -> None:
    colour = MARK_COLOURS["blue"]
    middle = (box.left + box.width / 2, box.top + box.height / 2)
    if sign == "withheld":
        canvas.hatch(box)
        canvas.plate(middle, withheld, min(canvas.size.small, 12))
    elif sign == "line":
        canvas.rectangle(box, tint(colour, 0.27))
        canvas.line([(box.left, middle[1]), (box.right, middle[1])], colour, 2)
        canvas.dot(*middle, 2.6, colour)
    elif sign == "interval":
        strip = Box(box.left + box.width * 0.5, middle[1] - 2.5, box.width * 0.5, 5)
        canvas.rectangle(Box(box.left, box.top, box.width * 0.75, box.height), colour)
        canvas.outline(strip, tint(colour, BAND), tint(colour, 0.8))
    elif sign == "boundary":
        half = box.width / 2
        canvas.rectangle(Box(box.left, box.top, half - 1, box.height - 5), colour)
        canvas.rectangle(Box(box.left + half + 1, box.top, half - 1, box.height - 5), tint(colour, 0.5))
        canvas.rectangle(Box(box.left + half / 2, box.bottom - 3, half, 2.6), HATCH)
