"""k-anonymous records: rivals from PyPI in the same run, the figures of ARX, ten million rows."""

from benchmarks.model import Setting, Table


def measure(setting: Setting) -> list[Table]:
    """Run each table; without rivals or quickly, fewer."""
    setting.reference()
    from benchmarks.records import local_recoding, optima
    from benchmarks.records_big import big

    few, repeat = (1, 1) if setting.quick else (None, 3)
    folder, tables = setting.folder, []
    if setting.rivals:
        from benchmarks.records_rivals import rivals

        lines = rivals(setting.rivals, folder, repeat)
        tables.append(Table.of_lines("Beside the tools from PyPI, in turns", lines))
    tables.append(
        Table.of_lines("Optimal search, every line of the reference", optima(folder, lines_of_it=few))
    )
    lines = local_recoding(folder, repeat, lines_of_it=few)
    tables.append(Table.of_lines("Local recoding, no record lost", lines))
    rows = 100_000 if setting.quick else 10_000_000
    tables.append(Table.of_lines(f"{rows:,} rows, eight quasi-identifiers", big(folder, rows)))
    return tables
