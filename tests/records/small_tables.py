"""Random small tables with nested ladders, and brute force over their lattices, for the property tests."""

from itertools import product
from math import floor, log2, prod

from hypothesis import strategies as st

from anonymize.records import Hierarchy, RecordsModel, hierarchy_from_lines

Columns = dict[str, list[str]]

HOSTILE = ["", "a", "b", "=1+1", "Ж", "名前", "a;b", '"', "\n", "*", "ok ", "\u200b"]


@st.composite
def nested_hierarchies(draw, column: str) -> Hierarchy:
    """Draw a ladder of 1 to 3 levels above hostile values, some given on two lines."""
    values = draw(st.lists(st.sampled_from(HOSTILE[1:]), min_size=1, max_size=5, unique=True))
    groups = list(range(len(values)))
    rows = [[value] for value in values]
    for level in range(draw(st.integers(0, 2))):
        parents = draw(st.lists(st.integers(0, 2), min_size=5, max_size=5))
        groups = [parents[group] for group in groups]
        for row, group in zip(rows, groups, strict=True):
            row.append(f"level {level} group {group}")
    lines = [[*row, "*"] for row in rows]
    lines += draw(st.lists(st.sampled_from(lines), max_size=2))
    return hierarchy_from_lines(column, lines, may_repeat=True)


@st.composite
def tables(draw) -> tuple[Columns, dict[str, Hierarchy], list[str]]:
    """Draw a table of 1 to 3 quasi-identifiers, a sensitive and a cluster column; cells may be missing."""
    names = ["age", "place", "sex"][: draw(st.integers(1, 3))]
    hierarchies = {name: draw(nested_hierarchies(name)) for name in names}
    n_records = draw(st.integers(1, 14))
    columns = {}
    for name in names:
        cells = st.sampled_from([*hierarchies[name].values, ""])
        columns[name] = draw(st.lists(cells, min_size=n_records, max_size=n_records))
    for name in ("motive", "household"):
        cells = st.sampled_from(["", "x", "y", "z", "w"])
        columns[name] = draw(st.lists(cells, min_size=n_records, max_size=n_records))
    return columns, hierarchies, names


def brute_force(columns: Columns, ladders: list[Hierarchy], names: list[str], model) -> float | None:
    """Return the least loss over all nodes by the definitions of bench/records/README.md, or None."""
    losses = [
        _loss_at(columns, ladders, names, levels, model)
        for levels in product(*(range(ladder.n_levels) for ladder in ladders))
    ]
    return min((loss for loss in losses if loss is not None), default=None)


def _loss_at(columns, ladders, names, levels, model) -> float | None:
    n_records = len(columns[names[0]])
    rows = list(zip(*(columns[name] for name in names), strict=True))
    recoded = [
        tuple(ladder.label(cell, level) for ladder, cell, level in zip(ladders, row, levels, strict=True))
        for row in rows
    ]
    members: dict[tuple[str, ...], list[int]] = {}
    for number, key in enumerate(recoded):
        members.setdefault(key, []).append(number)
    failing = {key for key, inside in members.items() if not passes(columns, inside, model)}
    suppressed = [number for number, key in enumerate(recoded) if key in failing]
    if len(suppressed) > floor(model.max_suppressed_share * n_records + 1e-9) or len(suppressed) == n_records:
        return None
    parts = [
        _entropy(ladder, [row[i] for row in rows], [key[i] for key in recoded], suppressed)
        if model.loss == "entropy"
        else _granularity(ladder, [row[i] for row in rows], level, suppressed)
        for i, (ladder, level) in enumerate(zip(ladders, levels, strict=True))
    ]
    if model.loss == "entropy":
        return sum(parts)
    if model.loss == "granularity":
        return sum(parts) / len(parts)
    return prod(1 + part for part in parts) ** (1 / len(parts)) - 1


def passes(columns: Columns, inside: list[int], model: RecordsModel) -> bool:
    """Return whether a class satisfies the model, counted one record at a time."""
    enough = len(inside) >= model.k
    if model.cluster:
        enough = enough and len({columns[model.cluster][i] for i in inside}) >= model.k
    for name in model.sensitive:
        cells = columns[name]
        if model.l is not None:
            enough = enough and len({cells[i] for i in inside}) >= model.l
        if model.t is not None:
            enough = enough and _distance(cells, inside) <= model.t + 1e-9
        if model.recursive is not None:
            c, l = model.recursive  # noqa: E741
            commonest, *_ = counts = sorted(
                (sum(cells[i] == v for i in inside) for v in set(cells)), reverse=True
            )
            enough = enough and commonest < c * sum(counts[l - 1 :])
        if model.entropy_l is not None:
            shares = [sum(cells[i] == value for i in inside) / len(inside) for value in set(cells)]
            enough = enough and bool(2 ** -sum(p * log2(p) for p in shares if p) >= model.entropy_l - 1e-9)
    return enough


def _distance(cells: list[str], inside: list[int]) -> float:
    return 0.5 * sum(
        abs(sum(cells[i] == value for i in inside) / len(inside) - cells.count(value) / len(cells))
        for value in set(cells)
    )


def _granularity(ladder: Hierarchy, cells: list[str], level: int, suppressed: list[int]) -> float:
    n_records, domain = len(cells), ladder.n_lines
    lost = set(suppressed)
    cost = 0.0
    for number, cell in enumerate(cells):
        group = ladder.label(cell, level)
        lines = sum(
            int(count)
            for value, count in zip(ladder.values, ladder.lines, strict=True)
            if ladder.label(value, level) == group
        )
        cost += 1.0 if number in lost else lines / domain
    least = n_records / domain
    return max(0.0, (cost - least) / (n_records - least)) if n_records > least else 0.0


def _entropy(ladder: Hierarchy, cells: list[str], groups: list[str], suppressed: list[int]) -> float:
    told = -sum(
        log2(cells.count(cell) / groups.count(group)) for cell, group in zip(cells, groups, strict=True)
    )
    gone = [groups[number] for number in suppressed]
    return told - sum(log2(gone.count(group) / len(gone)) for group in gone)
