"""The sections of the benchmark, in the order in which they are run: name -> title and what measures it."""

from collections.abc import Callable

from benchmarks.model import Setting, Table

from . import charts, demo, duplicates, ingest, records, serving, startup, tables

SECTIONS: dict[str, tuple[str, Callable[[Setting], list[Table]]]] = {
    "startup": ("Start-up", startup.measure),
    "demo": ("Whole demo", demo.measure),
    "ingest": ("Ingest", ingest.measure),
    "duplicates": ("Duplicates", duplicates.measure),
    "records": ("Records", records.measure),
    "tables": ("Tables", tables.measure),
    "charts": ("Charts", charts.measure),
    "serving": ("Serving a release", serving.measure),
}
