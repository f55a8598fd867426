"""Colours: after Okabe and Ito, safe for colour-blind readers, and the greys around them.

Two of Okabe and Ito's colours are left out and two are darkened: on white, orange and yellow have a contrast
below 3, which WCAG 2.2 asks of graphics. Values stand beside a mark in INK; on a mark they take `ink_on`.
The tests hold contrast, and distance as a reader without red, green or blue cones sees it.

Source: Okabe and Ito 2008, https://jfly.uni-koeln.de/color/ ; WCAG 2.2, criteria 1.4.3 and 1.4.11.
"""

INK = "#1a1a1a"
MUTED = "#595959"
RULE = "#d9d9d9"
GRID = "#ececec"
PAPER = "#ffffff"
ACCENT = "#b3261e"
HATCH = "#8a8a8a"

MARK_COLOURS: dict[str, str] = {
    "blue": "#0072b2",
    "green": "#009e73",
    "vermilion": "#d55e00",
    "purple": "#cc79a7",
    "sky": "#3d9ad1",
    "grey": "#6b6b6b",
}
# Ordered categories: one hue, dark to light; drawn with an outline, because the lightest are near white.
STEP_COLOURS: dict[str, str] = {
    "step1": "#08407a",
    "step2": "#2b73b0",
    "step3": "#6aa3d1",
    "step4": "#a6c8e6",
    "step5": "#dceaf7",
    "blank": "#eeeeec",  # not recorded: no step
}
COLOURS: dict[str, str] = {**MARK_COLOURS, **STEP_COLOURS}


def tint(colour: str, share: float) -> str:
    """Return `colour` mixed with white; `share` (0..1) of the colour stays.

    >>> tint("#000000", 0.5)
    '#808080'
    """
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in parts)


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours by WCAG 2.2 (1..21).

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(colour: str) -> str:
    """Return the text colour that is best legible on a mark: INK or PAPER."""
    return INK if contrast(INK, colour) >= contrast(PAPER, colour) else PAPER
