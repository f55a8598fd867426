"""The trade-off over k as a chart: what protection costs. matplotlib is loaded only here."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from codebook.errors import UsageError
from codebook.whole_file import replaced_file

from .trade_off import TradeOffPoint

_INK, _SECOND, _MARK = "#0072B2", "#D55E00", "#555555"  # of the Okabe-Ito palette
FORMATS = (".svg", ".png")


def require_chart_name(path: Path) -> None:
    """Raise where a chart cannot be written under that name.

    Raises:
        UsageError: Another ending than .svg or .png.
    """
    if path.suffix.lower() not in FORMATS:
        raise UsageError("a chart is written as SVG or PNG", remedy=f"end its name in {' or '.join(FORMATS)}")


def draw_trade_off(path: Path, points: Sequence[TradeOffPoint], *, loss: str, k: int) -> None:
    """Draw information lost, and records left out, over k.

    Args:
        path: .svg or .png to write.
        points: The best recoding of each k.
        loss: Name of the loss.
        k: The one asked for, marked.
    """
    ks = [point.k for point in points]
    lines = [
        (f"information lost ({loss})", _INK, [point.loss for point in points]),
        ("records left out", _SECOND, [point.suppressed_share for point in points]),
        ("average risk", _MARK, [point.average_risk for point in points]),
    ]
    _draw(path, ks, lines, title="What a larger k costs", k=k)


def draw_exposed(path: Path, shares: dict[int, float], *, k: int) -> None:
    """Draw the share of records in classes smaller than k, for a file without hierarchies."""
    lines = [("records in classes smaller than k", _SECOND, list(shares.values()))]
    _draw(path, list(shares), lines, title="How many records are exposed, as the file is", k=k)


def _draw(
    path: Path, ks: Sequence[int], lines: Sequence[tuple[str, str, list[float]]], *, title: str, k: int
) -> None:
    require_chart_name(path)
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    # No date and no random ids: the same file gives the same bytes.
    with mpl.rc_context({"svg.hashsalt": "withheld", "svg.fonttype": "none", "font.size": 10}):
        figure, axes = pyplot.subplots(
            len(lines), 1, sharex=True, figsize=(6.4, 1.2 + 1.7 * len(lines)), squeeze=False
        )
        for axis, (label, colour, values) in zip(axes[:, 0], lines, strict=True):
            axis.plot(ks, values, color=colour, marker="o", markersize=4, linewidth=1.6)
            axis.axvline(k, color=_MARK, linewidth=0.8, linestyle=":")
            axis.set_title(label, loc="left", fontsize=10)
            axis.set_ylim(0, max([*values, 1e-9]) * 1.12)
            axis.spines[["top", "right"]].set_visible(False)
            if max(values, default=0.0) <= 1.0:
                axis.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        axes[-1, 0].set_xlabel(f"k: records in every class (dotted: k = {k})")
        figure.suptitle(title, x=0.02, ha="left", fontweight="bold")
        figure.tight_layout()
        metadata: dict[str, Any] = {"Date": None} if path.suffix.lower() == ".svg" else {"Software": None}
        kind = path.suffix.lower().lstrip(".")
        with replaced_file(path, binary=True) as file:
            figure.savefig(file, format=kind, metadata=metadata, dpi=150)
        pyplot.close(figure)
