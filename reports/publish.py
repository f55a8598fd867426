"""release.db -> everything else in a release folder, the same bytes every time.

The only module of this stage that writes into a release. Running it again changes nothing.
"""

import itertools
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .alt import alt_text
from .bundle import chart_zip
from .chart_styles import FontFaces
from .chart_styles.frame import frame_text
from .citations import Citations, Work, bibtex, cite, ris, sha256
from .data_files import chart_csv, chart_json, hxl_csv, table_csv, to_json
from .declarations import load_declarations
from .draw import KINDS, Drawing, draw_chart
from .package import describe_release
from .published import LANGUAGES, Bilingual, Release, load_release
from .select import ChartData, select_charts
from .site.findings import Findings, site_pages
from .site.metadata import datasette_metadata, metadata_yaml
from .snippets import page_of

CHECKSUMS = "SHA256SUMS"
Step = Callable[[str], None]
REFERENCES = {"bib": bibtex, "ris": ris}
CHART_COLUMNS = (
    "name",
    "table_name",
    "mark",
    "title_en",
    "title_ru",
    "subtitle_en",
    "subtitle_ru",
    "alt_en",
    "alt_ru",
    "sql",
)


@dataclass(frozen=True)
class PublishSummary:
    """What was written."""

    release_id: str
    charts: tuple[str, ...]
    not_drawn: tuple[str, ...]  # declared charts whose table this release does not have
    tables: int
    withheld_cells: int
    files: int
    bytes: int
    folder: Path


def publish_release(
    release_dir: Path, *, kinds: tuple[str, ...] = KINDS, step: Step = lambda name: None
) -> PublishSummary:
    """Fill the table `charts` of release.db and write every other public file beside it.

    Args:
        release_dir: Folder with release.db (and evidence.json, which is left as it is).
        kinds: Picture formats: "svg", "png", "pdf".
        step: Told what is being made, for progress.

    Returns:
        What was written; SHA256SUMS is not, `write_checksums` comes last.

    Raises:
        ReportError: release.db is missing or does not keep to the contract, or a chart cannot be drawn from
        it.
    """
    release = load_release(release_dir)
    charts = select_charts(release)
    drawn = {data.declaration.name for data in charts}
    fill_charts(release_dir / "release.db", chart_rows(release, charts))
    files = compose_files(release, charts, kinds, step)
    _write_files(release_dir, files)
    return PublishSummary(
        release_id=release.id,
        charts=tuple(data.declaration.name for data in charts),
        not_drawn=tuple(chart.name for chart in load_declarations() if chart.name not in drawn),
        tables=len(release.tables),
        withheld_cells=sum(table.withheld for table in release.tables.values()),
        files=len(files),
        bytes=sum(len(content) for content in files.values()),
        folder=release_dir,
    )


def compose_files(
    release: Release, charts: Sequence[ChartData], kinds: tuple[str, ...], step: Step = lambda name: None
) -> dict[str, bytes]:
    """Return every public file but release.db, path inside the release -> content."""
    files: dict[str, bytes] = {}
    for name, table in release.tables.items():
        files[f"data/{name}.csv"] = table_csv(release, table)
        files[f"data/{name}.hxl.csv"] = hxl_csv(release, table)
    whole = _whole(release)
    works = [_work(data, language, files) for data in charts for language in LANGUAGES]
    citations = _citations(release, [*works, whole])
    fonts = FontFaces(font_texts(release, charts))
    for number, data in enumerate(charts, start=1):
        step(f"drawing chart {number} of {len(charts)}")
        files |= _chart_files(release, data, citations, fonts, kinds)
        files |= {
            f"charts/{work.key}.{language}.{ending}": write(release, work, language).encode("utf-8")
            for language, work in _by_language(data, works)
            for ending, write in REFERENCES.items()
        }
        cited = {language: citations[language]["APA"][data.declaration.name] for language in LANGUAGES}
        files[f"charts/{data.declaration.name}.zip"] = chart_zip(release, data, files, cited)
    step("writing citations, descriptions and pages")
    for language, (ending, write) in itertools.product(LANGUAGES, REFERENCES.items()):
        files[f"release.{language}.{ending}"] = write(release, whole, language).encode("utf-8")
    files["citations.json"] = to_json(citations)
    files |= describe_release(release, files, whole)
    files["metadata.yml"] = metadata_yaml(datasette_metadata(release, charts))
    dataset = files["dataset.jsonld"].decode("utf-8")
    pages = site_pages(Findings(release, charts, citations, kinds, dataset))
    return files | {path: page.encode("utf-8") for path, page in pages.items()}


def _chart_files(
    release: Release, data: ChartData, citations: Citations, fonts: FontFaces, kinds: tuple[str, ...]
) -> dict[str, bytes]:
    name = data.declaration.name
    mine = {lang: {style: texts[name] for style, texts in citations[lang].items()} for lang in LANGUAGES}
    files = {
        f"charts/{name}.csv": chart_csv(release, data),
        f"charts/{name}.json": chart_json(release, data, mine),
    }
    for language in LANGUAGES:
        for picture in draw_chart(Drawing(release, data, language), fonts, kinds=kinds):
            files[f"charts/{picture.name}"] = picture.content
    return files


def _citations(release: Release, works: Sequence[Work]) -> Citations:
    """Return language -> style -> chart or "release" -> text; the page of a work is in its own language."""
    return {
        language: cite(release, [work for work in works if work.language in ("", language)], language)
        for language in LANGUAGES
    }


def _by_language(data: ChartData, works: Sequence[Work]) -> list[tuple[str, Work]]:
    return [(work.language, work) for work in works if work.key == data.declaration.name]


def _work(data: ChartData, language: str, files: Mapping[str, bytes]) -> Work:
    name, table = data.declaration.name, f"data/{data.table.name}.csv"
    page = page_of(name, language)
    return Work(name, data.declaration.title, page, sha256(files[table]), table, language)


def _whole(release: Release) -> Work:
    """Return the release itself as a work; its proof is the hash of the database, which is ready by now."""
    title = release.fact("citation_title") or f"{release.fact('group_name')}: {release.id}"
    proof = sha256((release.folder / "release.db").read_bytes())
    both = Bilingual(title, release.fact("citation_title_ru") or title)
    return Work("release", both, "", proof, "release.db")


def font_texts(release: Release, charts: Sequence[ChartData]) -> list[str]:
    """Return every text of a release that may stand in a picture: its letters go into the fonts."""
    labels = [label for codes in release.codes.values() for code in codes.values() for label in code.label]
    labels += [label for table in release.tables.values() for label in table.unit_label]
    labels += [title for data in charts for title in data.declaration.title]
    return [*labels, *release.facts.values()]


def chart_rows(release: Release, charts: Sequence[ChartData]) -> list[tuple[str, ...]]:
    """Return the rows of the table `charts`, in the order of CHART_COLUMNS."""
    return [
        (
            data.declaration.name,
            data.table.name,
            data.declaration.mark,
            *(data.title(language) for language in LANGUAGES),
            *(frame_text(release, data, language).subtitle for language in LANGUAGES),
            *(alt_text(release, data, language) for language in LANGUAGES),
            data.sql,
        )
        for data in charts
    ]


def fill_charts(database: Path, rows: list[tuple[str, ...]]) -> None:
    """Put the rows into `charts` and rebuild the file: nothing earlier stays in free pages."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode = MEMORY")
    names = ", ".join(CHART_COLUMNS)
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS charts ({', '.join(f'{name} TEXT' for name in CHART_COLUMNS)})"
    )
    present = connection.execute(f"SELECT {names} FROM charts ORDER BY rowid").fetchall()
    if present != rows:
        connection.execute("BEGIN")
        connection.execute("DELETE FROM charts")
        connection.executemany(
            f"INSERT INTO charts ({names}) VALUES ({', '.join('?' * len(CHART_COLUMNS))})", rows
        )
        connection.execute("COMMIT")
        # VACUUM INTO starts a file of its own: no free pages, and no count of how often the old one was
        # changed.
        fresh = database.with_name(f"{database.name}.new")
        fresh.unlink(missing_ok=True)
        connection.execute("VACUUM INTO ?", (str(fresh),))
        connection.close()
        fresh.replace(database)
    connection.close()


def _write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def write_checksums(release_dir: Path) -> Path:
    """Write SHA256SUMS over every file of the release (`sha256sum -c` reads it); call this last."""
    paths = sorted(path for path in release_dir.rglob("*") if path.is_file() and path.name != CHECKSUMS)
    names = [path.relative_to(release_dir).as_posix() for path in paths]
    lines = [f"{sha256(path.read_bytes())}  {name}\n" for path, name in zip(paths, names, strict=True)]
    target = release_dir / CHECKSUMS
    target.write_text("".join(lines), encoding="utf-8", newline="\n")
    return target


__all__ = ["PublishSummary", "publish_release", "write_checksums"]
