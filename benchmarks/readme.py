"""The results of the sections, kept as JSON, and README.md made of them; what is written by hand stays."""

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.model import Table, conditions

HERE = Path(__file__).resolve().parent
RESULTS, README = HERE / "results", HERE / "README.md"


def keep(name: str, title: str, command: str, tables: list[Table], *, began: Mapping[str, str]) -> None:
    """Keep what a section measured; `began` are the conditions when it began."""
    now = conditions()
    result = {
        "title": title,
        "command": command,
        "date": datetime.date.today().isoformat(),
        **now,
        "load": f"{began['load']} at the start and {now['load']} at the end (1, 5, 15 minutes)",
        "tables": [vars(table) for table in tables],
    }
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=1)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def lines_of(result: Mapping[str, Any]) -> list[str]:
    """Return the Markdown of one section."""
    lines = [
        f"`{result['command']}`, {result['date']}: Python {result['python']}, {result['processors']} "
        f"processors, load {result['load']}.",
    ]
    for table in result["tables"]:
        head = [f"**{table['caption']}**", ""] if table["caption"] else []
        lines += ["", *head, _row(table["columns"]), "|" + "---|" * len(table["columns"])]
        lines += [_row(row) for row in table["rows"]]
        lines += ["", table["note"]] if table["note"] else []
    return lines


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def write_readme(readme: Path = README) -> list[str]:
    """Put every kept section between its markers and return the names of those without markers.

    A marker is `<!-- bench:NAME -->`, its end `<!-- bench:NAME end -->`.
    """
    text, homeless = readme.read_text(encoding="utf-8"), []
    for path in sorted(RESULTS.glob("*.json")):
        start, end = f"<!-- bench:{path.stem} -->", f"<!-- bench:{path.stem} end -->"
        if start not in text or end not in text:
            homeless.append(path.stem)
            continue
        lines = lines_of(json.loads(path.read_text(encoding="utf-8")))
        before, rest = text.split(start, 1)
        text = before + start + "\n" + "\n".join(lines) + "\n" + end + rest.split(end, 1)[1]
    readme.write_text(text, encoding="utf-8")
    return homeless
