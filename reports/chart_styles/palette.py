"""Colours: Okabe and Ito's eight, safe for colour-blind readers, and the greys around them.

Each mark colour has a light band colour of the same hue for the published interval. Contrast of INK and MUTED
on white is at least 4.5 (WCAG 2.2 AA); values stand beside a bar in INK, never on it.

Source: Okabe and Ito 2008, https://jfly.uni-koeln.de/color/ ; matplotlib 3.11 `okabe_ito`.
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
    "orange": "#e69f00",
    "green": "#009e73",
    "vermilion": "#d55e00",
    "purple": "#cc79a7",
    "sky": "#56b4e9",
    "grey": "#6b6b6b",
}


def tint(colour: str, share: float) -> str:
    """Return `colour` mixed with white; `share` (0..1) of the colour stays.

    >>> tint("#000000", 0.5)
    '#808080'
    """
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in parts)
