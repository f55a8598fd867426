"""Rounding in stages keeps what rounding promises: it adds up, and every print is less than a base away."""

import numpy as np
from hypothesis import given, settings

from anonymize.tables import linked_systems
from anonymize.tables.plan import count_cells
from anonymize.tables.programs import Program, solve_in_stages, stage_numbers

from .test_rounding import DIMENSIONS, PLANS, people, unit_rows

SYSTEM = linked_systems(PLANS, DIMENSIONS)["persons"]
STAGES = stage_numbers(SYSTEM)


@given(people)
@settings(max_examples=60, deadline=None)
def test_rounding_in_stages_adds_up_and_stays_less_than_a_base_away(drawn):
    counts = count_cells(SYSTEM, PLANS, DIMENSIONS, unit_rows(drawn)).rows
    floors = counts // 5
    rests = [float(floors[p] - floors[list(c)].sum()) for p, c in SYSTEM.equations]
    rows = [
        ([p, *c], [-1.0, *[1.0] * len(c)], rest, rest)
        for (p, c), rest in zip(SYSTEM.equations, rests, strict=True)
    ]
    program = Program(np.ones(len(counts)), np.zeros(len(counts)), (counts % 5 != 0).astype(float), rows)
    steps = solve_in_stages(program, STAGES)
    assert steps is not None
    prints = 5 * (floors + steps.astype(int))
    assert (np.abs(prints - counts) < 5).all()
    assert all(prints[p] == prints[list(c)].sum() for p, c in SYSTEM.equations)


def test_coarse_cells_come_before_what_lies_under_them():
    stage = {SYSTEM.name(position): int(number) for position, number in enumerate(STAGES)}
    assert stage["persons"] < stage["persons|kind=a|place=D1"] < stage["persons|kind=a|place=R1"]


def test_what_cannot_be_whole_is_not_answered():
    halves = Program(np.zeros(2), np.zeros(2), np.ones(2), [([0, 1], [2.0, 2.0], 1.0, 1.0)])
    assert solve_in_stages(halves, np.array([0, 1])) is None
