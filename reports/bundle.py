"""One ZIP file a chart: pictures, numbers, citations and a README that says what the numbers mean.

Stored, not compressed: pictures are packed already, and the search for private values reads them as they are.
"""

import io
import zipfile
from collections.abc import Mapping

from .alt import alt_text
from .chart_styles.frame import rounding_note
from .published import LANGUAGES, Release
from .select import ChartData
from .words import say

FIRST_DAY = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # the earliest day that a ZIP file can say
NOT_PACKED = (".print.png", ".zip")  # large: to be had on its own
README = {
    "en": """{title}
{group}, release {release}. {licence} {licence_url}

{alt}

Files
  {name}.csv      the numbers in the picture; value is the published number, lower and upper its bounds
  {name}.json     the same with words, citation and the SQL for release.db
  data/{table}.csv  the whole table
  *.svg *.png *.pdf  the picture in English (en) and Russian (ru); narrow is for phones, social for networks
  *.bib *.ris     the citation for reference managers

Where obs_status is Q the number is withheld. It is not zero. {rounding} {not_prevalence}

{citation}
""",
    "ru": """{title}
{group}, выпуск {release}. {licence} {licence_url}

{alt}

Файлы
  {name}.csv      числа на рисунке; value: опубликованное число, lower и upper: его границы
  {name}.json     то же с текстами, ссылкой и SQL для release.db
  data/{table}.csv  вся таблица
  *.svg *.png *.pdf  рисунок по-английски (en) и по-русски (ru); narrow для телефонов, social для соцсетей
  *.bib *.ris     ссылка для программ

Где obs_status равен Q, число скрыто. Это не ноль. {rounding} {not_prevalence}

{citation}
""",
}


def chart_zip(
    release: Release, data: ChartData, files: Mapping[str, bytes], citations: Mapping[str, str]
) -> bytes:
    """Return the ZIP file of a chart.

    Args:
        release: The release.
        data: The chart.
        files: Path inside the release -> content; at least the files of the chart and its table.
        citations: Language -> how to cite the chart.
    """
    name, table = data.declaration.name, f"data/{data.table.name}.csv"
    packed = {
        path.removeprefix("charts/"): content
        for path, content in files.items()
        if path.startswith(f"charts/{name}.") and not path.endswith(NOT_PACKED)
    }
    packed[table] = files[table]
    for language in LANGUAGES:
        packed[f"README.{language}.txt"] = _readme(release, data, language, citations[language]).encode(
            "utf-8"
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path, content in sorted(packed.items()):
            entry = zipfile.ZipInfo(f"{name}/{path}", FIRST_DAY)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def _readme(release: Release, data: ChartData, language: str, citation: str) -> str:
    return README[language].format(
        title=data.declaration.title.text(language),
        group=release.named("group_name", language),
        release=release.id,
        licence=release.fact("licence"),
        licence_url=release.fact("licence_url"),
        alt=alt_text(release, data, language),
        name=data.declaration.name,
        table=data.table.name,
        rounding=rounding_note(data, language),
        not_prevalence=say("not_prevalence", language),
        citation=citation,
    )
