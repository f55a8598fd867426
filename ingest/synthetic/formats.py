"""Which file formats the invented group can be written in: one writer each, all of the same people."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from .context import write_acled
from .desk import Format
from .dice import Dice
from .flat_form import write_kobo_csv
from .form_files import write_kobo_xlsx, write_odk
from .gbv import one_primary_perpetrator, one_survivor, one_survivor_with_services
from .hotline import write_hotline
from .incident_recorder import write_incident_recorder_en, write_incident_recorder_ru
from .kobo import write_kobo
from .primero import write_primero_csv, write_primero_json
from .register import REGISTERS, without_help
from .spreadsheet import write_spreadsheet
from .uwazi import one_victim, write_uwazi

_PRIMERO_ID = "00000000-0000-4000-8000-{year}{number:08d}"

FORMATS: dict[str, Format] = {
    "spreadsheet": Format(write_spreadsheet, "ru", "ru", "СК-{year}-{number:05d}", one_row_a_person=True),
    "hotline": Format(write_hotline, "en", "en", "HL-{year}-{number:05d}"),
    "kobo": Format(write_kobo, "codes", "ru", "WEB-{year}-{number:05d}"),
    "kobo_xlsx": Format(write_kobo_xlsx, "codes", "ru", "KX-{year}-{number:05d}"),
    "kobo_csv": Format(
        write_kobo_csv, "codes", "ru", "KC-{year}-{number:05d}", without_help, one_row_a_person=True
    ),
    "odk": Format(write_odk, "codes", "ru", "OC-{year}-{number:05d}"),
    "primero_csv": Format(write_primero_csv, "codes", "en", _PRIMERO_ID, one_survivor),
    "primero_json": Format(write_primero_json, "codes", "en", _PRIMERO_ID, one_survivor_with_services),
    "gbvims_en": Format(
        write_incident_recorder_en, "codes", "en", "IRE-{year}-{number:05d}", one_primary_perpetrator
    ),
    "gbvims_ru": Format(
        write_incident_recorder_ru, "codes", "ru", "IRR-{year}-{number:05d}", one_primary_perpetrator
    ),
    "uwazi": Format(write_uwazi, "codes", "en", "UW-{year}-{number:05d}", one_victim),
    **{
        ending: Format(
            write,
            "en",
            "en",
            f"{ending.upper()}-{{year}}-{{number:05d}}",
            without_help,
            one_row_a_person=True,
        )
        for ending, write in REGISTERS.items()
    },
}
DEFAULT_FORMATS = ("spreadsheet", "hotline", "kobo")
# Series of events that others publish: written beside the case files, of which they hold nothing.
SERIES: dict[str, Callable[[Path, Dice, tuple[date, date]], tuple[Path, dict[str, int]]]] = {
    "acled": write_acled
}
