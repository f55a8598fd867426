"""Colours that every reader can tell apart, and words that every reader can see."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from reports.chart_styles.look import BAND
from reports.chart_styles.palette import (
    COLOURS,
    HATCH,
    INK,
    MARK_COLOURS,
    MUTED,
    PAPER,
    STEP_COLOURS,
    contrast,
    ink_on,
    tint,
)
from reports.chart_styles.tiles import LEAST, MOST
from reports.declarations import load_declarations

# What is left of linear light without one kind of cone, at full severity.
# Source: Machado, Oliveira and Fernandes 2009, doi:10.1109/TVCG.2009.113, table of matrices.
SIGHT = {
    "all cones": np.eye(3),
    "no red cones": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no green cones": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
    "no blue cones": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]
    ),
}
JUST_NOTICEABLE = 2.3  # CIE 1976 colour difference; marks side by side need several times that


def _lab(colour: str, sight: str) -> NDArray[np.float64]:
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    seen = np.clip(SIGHT[sight] @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = to_xyz @ seen / np.array([0.9505, 1.0, 1.089])
    root = [np.cbrt(v) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z)]
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


@pytest.mark.parametrize("sight", SIGHT)
def test_marks_are_told_apart_with_any_cones(sight: str) -> None:
    for first, second in itertools.combinations(MARK_COLOURS.values(), 2):
        distance = np.linalg.norm(_lab(first, sight) - _lab(second, sight))
        assert distance > 4 * JUST_NOTICEABLE, (first, second, distance)
    steps = [colour for name, colour in STEP_COLOURS.items() if name != "blank"]
    for first, second in itertools.pairwise(steps):
        assert np.linalg.norm(_lab(first, sight) - _lab(second, sight)) > 4 * JUST_NOTICEABLE


def test_every_mark_stands_out_from_paper() -> None:
    for colour in MARK_COLOURS.values():
        assert contrast(colour, PAPER) >= 3  # WCAG 2.2, 1.4.11
    assert contrast(HATCH, PAPER) >= 3


def test_every_word_is_legible_where_it_stands() -> None:
    assert contrast(INK, PAPER) >= 7
    assert contrast(MUTED, PAPER) >= 4.5  # WCAG 2.2, 1.4.3
    for share in (LEAST, MOST):
        assert contrast(INK, tint(MARK_COLOURS["blue"], share)) >= 4.5
    for colour in COLOURS.values():
        assert contrast(ink_on(colour), colour) >= 4.5, colour


def test_the_edge_of_an_interval_is_seen_on_paper() -> None:
    for colour in MARK_COLOURS.values():
        assert contrast(tint(colour, 0.8), PAPER) > contrast(tint(colour, BAND), PAPER)


def test_declarations_name_colours_that_exist() -> None:
    for declaration in load_declarations():
        assert set(declaration.colours.values()) <= set(COLOURS), declaration.name
