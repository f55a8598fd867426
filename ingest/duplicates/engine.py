"""The scoring engine: splink on duckdb, in memory only, with weights that cannot flip.

Naive expectation maximisation over blocked pairs may take the crowd of common names for persons who came
twice. Here `u` comes from random pairs, `m` from pairs that all other signs make sure, both with the declared
shares as a prior, and weights never rise from a level to a lesser one. Nothing touches disk or network.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from codebook import VaultError

from .signs import Level, Sign
from .weights import Weights, chance_shares, declared_weights, learnt_weights

MEMORY_MB = 2048
RANDOM_PAIRS = 25_000
LEARNING_PAIRS = 25_000  # candidates from which `m` is learnt
PAIRS_AT_ONCE = 250_000  # that are scored together; some 250 MB
MAXIMUM_BLOCK = 60  # records behind one key; a key of more of them says nothing
SURE_BITS = 26.0  # evidence of all other signs from which a pair teaches
PRIOR_RECORDS = 300.0  # so many records with ordinary names stand behind the frequency of a name
LEAST_FREQUENCY = 1e-4  # the rarest value counts as if so many had it
_CODED = 0.5  # share of every level while levels are only told apart

Columns = Mapping[str, Sequence[Any]]


@contextmanager
def private_database(memory_mb: int = MEMORY_MB) -> Iterator[Any]:
    """Open a duckdb that keeps to memory, loads nothing and reaches nothing outside."""
    import duckdb

    database = duckdb.connect(":memory:", config={"memory_limit": f"{memory_mb}MB", "threads": 2})
    try:
        for setting in (
            "temp_directory = ''", "autoinstall_known_extensions = false",
            "autoload_known_extensions = false", "enable_external_access = false",
            "lock_configuration = true",
        ):  # fmt: skip
            database.execute(f"SET {setting}")
        yield database
    except duckdb.OutOfMemoryException:
        raise VaultError(
            f"the search for duplicates needs more than {memory_mb} MB",
            remedy="nothing was changed; it never spills to disk; report how many records there are",
        ) from None
    finally:
        database.close()


def score_pairs(database: Any, columns: Columns, keys: Columns, signs: Sequence[Sign]) -> dict[str, Weights]:
    """Make the table `scored`: `left_place`, `right_place` and the bits of every sign, a row a candidate.

    Args:
        columns: What the signs compare, `unique_id` counting from 0.
        keys: `place` and `key`: the candidates are those who share a key.

    Returns:
        The weights of every sign.
    """
    _make_tables(database, columns, keys)
    _count_levels(database, signs)
    weights = _learn(database, signs, columns)
    _score(database, signs, weights, columns)
    return weights


def _score(database: Any, signs: Sequence[Sign], weights: Mapping[str, Weights], columns: Columns) -> None:
    """Make the table `scored` part by part: what splink writes of millions of pairs would fill the memory."""
    parts = ", ".join(f"{bits_of(sign)} AS {sign.name}" for sign in signs)
    ((size,),) = database.execute("SELECT count(*) FROM candidates").fetchall()
    for start in range(0, max(size, 1), PAIRS_AT_ONCE):
        database.execute(
            f"""CREATE TABLE some_candidates AS SELECT * FROM candidates
            WHERE rowid >= {start} AND rowid < {start + PAIRS_AT_ONCE}"""
        )
        found = _predict(database, signs, weights, "some_candidates", columns)
        database.execute(
            f"""{"INSERT INTO scored" if start else "CREATE TABLE scored AS"}
            SELECT unique_id_l AS left_place, unique_id_r AS right_place, {parts} FROM {found}"""
        )
        database.execute(f"DROP TABLE {found}")
        database.execute("DROP TABLE some_candidates")


def bits_of(sign: Sign) -> str:
    """Return the SQL of the bits of a sign in splink's table, its frequency included."""
    adjusted = f" + coalesce(mw_tf_adj_{sign.name}, 0)" if sign.levels[0].frequency_of else ""
    return f"coalesce(mw_{sign.name}, 0){adjusted}"


def _make_tables(database: Any, columns: Columns, keys: Columns) -> None:
    import pyarrow

    for name, content in (("records", columns), ("keyed", keys)):
        database.register("given_table", pyarrow.table(dict(content)))
        database.execute(f"CREATE TABLE {name} AS SELECT * FROM given_table")
        database.unregister("given_table")
    database.execute(
        f"""CREATE TABLE candidates AS SELECT DISTINCT a.place AS join_key_l, b.place AS join_key_r,
        '0' AS match_key FROM keyed a JOIN keyed b ON a.key = b.key AND a.place < b.place
        WHERE a.key IN (SELECT key FROM keyed GROUP BY key HAVING count(*) BETWEEN 2 AND {MAXIMUM_BLOCK})
        ORDER BY ALL"""
    )
    database.execute("DROP TABLE keyed")
    size = len(columns["unique_id"])
    # Hashes instead of a generator, so that the same vault gives the same weights again.
    database.execute(
        f"""CREATE TABLE learning AS
        SELECT DISTINCT least(one, other) AS join_key_l, greatest(one, other) AS join_key_r, '1' AS match_key
        FROM (SELECT hash(step) % {size} AS one, hash(step + 7919000) % {size} AS other
            FROM range({RANDOM_PAIRS}) AS steps(step)) WHERE one <> other
        UNION ALL SELECT * FROM (SELECT * FROM candidates ORDER BY hash(join_key_l * {size} + join_key_r)
        LIMIT {LEARNING_PAIRS})"""
    )


def _count_levels(database: Any, signs: Sequence[Sign]) -> None:
    """Make the table `learnt` of the level of every sign; splink's weights here only tell levels apart."""
    coded = {
        sign.name: Weights(
            tuple(-1.0 - place for place in range(len(sign.levels))), (_CODED,) * len(sign.levels)
        )
        for sign in signs
    }
    found = _predict(database, signs, coded, "learning")
    levels = ", ".join(f"CAST(round(-1 - mw_{sign.name}) AS TINYINT) AS level_{sign.name}" for sign in signs)
    database.execute(f"CREATE TABLE learnt AS SELECT {levels}, match_key = '1' AS is_random FROM {found}")
    database.execute(f"DROP TABLE {found}")


def _predict(
    database: Any,
    signs: Sequence[Sign],
    weights: Mapping[str, Weights],
    pairs: str,
    columns: Columns | None = None,
) -> str:
    """Score pairs by splink and return the name of its table; with columns, common values weigh less."""
    from splink import DuckDBAPI, Linker, SettingsCreator
    from splink.internals.exceptions import SplinkException

    logging.getLogger("splink").setLevel(logging.ERROR)  # it tells of its SQL and its progress
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(sign, weights[sign.name], columns is not None) for sign in signs],
        probability_two_random_records_match=0.5,  # no evidence: who asks adds the prior
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=True,
    )
    backend = DuckDBAPI(database)
    linker = Linker(backend.register("records"), settings, log_level=None)
    for column, expected in _frequency_columns(signs).items() if columns is not None else ():
        shares = _frequencies(column, columns[column] if columns else (), expected)
        linker.table_management.register_term_frequency_lookup(backend.register(shares), column)
    linker.table_management.register_blocked_pairs_for_predict(backend.register(pairs))
    try:
        return str(linker.inference.predict(warning_mode="never").physical_name)
    except SplinkException as error:  # it wraps every fault of the database, and quotes the whole SQL
        raise error.__cause__ or error from None


def _comparison(sign: Sign, weights: Weights, frequencies: bool) -> Any:
    from splink.comparison_level_library import CustomLevel, ElseLevel
    from splink.comparison_library import CustomComparison

    def configured(level: Level, place: int) -> Any:
        u = weights.u[place]
        made: Any = ElseLevel() if level.sql == "ELSE" else CustomLevel(level.sql)
        made = made.configure(m_probability=u * 2 ** weights.bits[place], u_probability=u)
        if frequencies and level.frequency_of:
            made = made.configure(
                tf_adjustment_column=level.frequency_of,
                tf_minimum_u_value=LEAST_FREQUENCY,
                disable_tf_exact_match_detection=True,
            )
        return made

    missing = CustomLevel(sign.missing).configure(is_null_level=True)
    levels = [missing, *(configured(level, place) for place, level in enumerate(sign.levels))]
    return CustomComparison(levels, output_column_name=sign.name)


def _frequency_columns(signs: Sequence[Sign]) -> dict[str, float]:
    """Return column -> the chance of the same value that is declared."""
    return {level.frequency_of: level.u for sign in signs for level in sign.levels if level.frequency_of}


def _frequencies(column: str, values: Sequence[Any], expected: float) -> Any:
    """Return the share of each value; few records are not yet a population, so others stand beside them."""
    import pyarrow

    seen = Counter(value for value in values if value is not None)
    total = sum(seen.values()) + PRIOR_RECORDS
    shares = [(count + PRIOR_RECORDS * expected / 4) / total for count in seen.values()]
    kept = pyarrow.array(list(seen), pyarrow.string())
    return pyarrow.table({column: kept, f"tf_{column}": pyarrow.array(shares, pyarrow.float64())})


def _learn(database: Any, signs: Sequence[Sign], columns: Columns) -> dict[str, Weights]:
    """Learn `u` of each sign from random pairs, `m` from pairs that the other signs of its kind make sure."""
    declared = {}
    for sign in signs:
        u = list(chance_shares(sign, _counts(database, sign, "is_random")))
        if column := sign.levels[0].frequency_of:
            u[0] = _same_value_chance(columns[column], sign.levels[0].u)
        declared[sign.name] = declared_weights(sign, u)
    learnt = dict(declared)
    for sign in signs:
        if sign.learns:
            others = [other for other in signs if other.about == sign.about and other is not sign]
            sure = f"NOT is_random AND ({_bits_of_levels(others, declared)}) >= {SURE_BITS}"
            learnt[sign.name] = learnt_weights(sign, declared[sign.name].u, _counts(database, sign, sure))
    return learnt


def _same_value_chance(values: Sequence[Any], expected: float) -> float:
    """Return the chance that two records have the same value: exact, with the declared chance as a prior."""
    seen = Counter(value for value in values if value is not None)
    total = sum(seen.values())
    pairs = sum(count * count for count in seen.values()) / max(total, 1)
    return (pairs + PRIOR_RECORDS * expected) / (total + PRIOR_RECORDS)


def _counts(database: Any, sign: Sign, condition: str) -> dict[int, int]:
    column = f"level_{sign.name}"
    rows = database.execute(
        f"SELECT {column}, count(*) FROM learnt WHERE {column} >= 0 AND {condition} GROUP BY ALL"
    ).fetchall()
    return {int(place): int(pairs) for place, pairs in rows}


def _bits_of_levels(signs: Sequence[Sign], weights: Mapping[str, Weights]) -> str:
    cases = []
    for sign in signs:
        bits = enumerate(weights[sign.name].bits)
        cases.append(
            f"CASE level_{sign.name} "
            + " ".join(f"WHEN {place} THEN {one!r}" for place, one in bits)
            + " ELSE 0 END"
        )
    return " + ".join(cases) or "0"
