"""The bars of DESIGN section 7, and whether a figure meets one."""

BARS = {
    "help": (0.3, "s of processor time"),
    "demo seconds": (60, "s"),
    "demo memory": (1024, "MB"),
    "adult": (1.2, "s of processor time"),
    "fars": (2.5, "s of processor time"),
    "records memory": (200, "MB"),
    "local loss": (0.0540, "loss"),
    "local seconds": (4, "s of processor time"),
    "big seconds": (20, "s"),
    "big memory": (4096, "MB"),
    "rounding": (10, "s"),
    "suppression with audit": (60, "s"),
    "tables memory": (1024, "MB"),
    "csv rows": (25_000, "rows/s"),
    "xlsx rows": (15_000, "rows/s"),
    "requests": (2_000, "requests/s"),
    "p99": (25, "ms"),
    "server memory": (300, "MB"),
    "chart": (250, "ms"),
}
_AT_LEAST = frozenset({"csv rows", "xlsx rows", "requests"})  # of the others less is better


def judged(name: str, value: float) -> str:
    """Return a bar and whether a figure meets it, as a cell of a table.

    >>> judged("help", 0.12), judged("csv rows", 14_600)
    ('0.3 s of processor time: met', '25,000 rows/s: **not met**')
    """
    limit, unit = BARS[name]
    met = value >= limit if name in _AT_LEAST else value <= limit
    return f"{limit:,} {unit}: {'met' if met else '**not met**'}"
