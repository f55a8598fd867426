"""Write exports of the case form: a Kobo workbook, an archive of ODK Central."""

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from ingest.forms import packaged_questionnaire
from ingest.template import LANGUAGES, Content, xlsform_content

from .desk import Desk, Row
from .form_answers import submissions_of
from .kobo_export import ExportTable, KoboExport, Look
from .odk_export import OdkExport
from .workbook import FIXED_TIME, save_tables

KOBO_FILE = "case_form_kobo.xlsx"
ODK_FILE = "case_form_odk.zip"
_RUSSIAN = Look(f"label::{LANGUAGES['ru']}", grouped=True)
_LOST = ("not decrypted", "missing encrypted form data")


def write_kobo_xlsx(directory: Path, desk: Desk, look: Look = _RUSSIAN) -> Path:
    """Write the workbook that Kobo exports, Russian labels and groups unless asked otherwise."""
    form = packaged_questionnaire()
    export = KoboExport(form_content(), form.title["ru"], look)
    path = directory / KOBO_FILE
    save_tables(path, export.tables(submissions_of(desk)))
    return path


def write_odk(directory: Path, desk: Desk) -> Path:
    """Write the archive that Central exports; some submissions are rejected or could not be decrypted."""
    submissions = [*submissions_of(desk), *_useless(desk)]
    export = OdkExport(form_content(), packaged_questionnaire().identifier, split=True)
    path = directory / ODK_FILE
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in export.tables(submissions):
            archive.writestr(zipfile.ZipInfo(f"{table.name}.csv", FIXED_TIME), csv_text(table, ","))
    return path


def form_content() -> Content:
    """Return the case form as Kobo and Central have it."""
    return xlsform_content(packaged_questionnaire())


def csv_text(table: ExportTable, delimiter: str) -> str:
    """Return a table as CSV text."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows([table.header, *table.rows])
    return text.getvalue()


def _useless(desk: Desk) -> Sequence[Row]:
    """Return submissions that Central marks as lost or rejected; nothing of them may be stored."""
    desk.passed_over += len(_LOST) + 1
    return [
        {
            "meta/instanceID": f"uuid:00000000-0000-4000-8000-{number:012d}",
            "_submitted_by": "",
            "__version__": "",
            "_submission_time": "2024-01-01T00:00:00",
            "Status": status,
            "ReviewState": "" if status else "rejected",
        }
        for number, status in enumerate((*_LOST, ""))
    ]
