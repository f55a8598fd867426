"""Every sample file goes in with counts that reconcile by row and by repeat, or is refused with a remedy.

The samples are read in place. Where a sample is a header only, the test makes rows in its shape.
"""

import csv
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from codebook import load_codebook
from ingest import FileSummary, ingest_files, load_sources
from ingest.mapping import Source
from tests.shared_files import REPOSITORY, shared_path
from vault import Vault

from .workbench import NOW, Workbench, bench

__all__ = ["bench"]

KOBO = {"person": 3, "help": 1}
IN_VAULT = {"incident": 2, "person": 3, "request": 1}


@dataclass(frozen=True)
class Taken:
    """A sample that goes in: its declaration, rows stored and quarantined, rows of repeats, of the vault."""

    name: str
    source: str
    stored: int
    quarantined: int = 0
    repeats: dict[str, int] = field(default_factory=dict)
    vault: dict[str, int] = field(default_factory=dict)


TAKEN = (
    Taken("kobo/kobo_api_v2_data.json", "kobo_api", 2, repeats=KOBO, vault=IN_VAULT),
    Taken("kobo/kobo_export_labels_en.xlsx", "kobo_xlsx_labels_en", 2, repeats=KOBO, vault=IN_VAULT),
    Taken("kobo/kobo_export_labels_ru_hierarchy.xlsx", "kobo_xlsx_labels_ru", 2,
          repeats=KOBO, vault=IN_VAULT),
    Taken("kobo/kobo_export_xml_values_both.xlsx", "kobo_xlsx_names", 2, repeats=KOBO, vault=IN_VAULT),
    Taken("kobo/kobo_export_xml_values_details.xlsx", "kobo_xlsx_names", 2, repeats=KOBO, vault=IN_VAULT),
    Taken("kobo/kobo_export_xml_values_summary.xlsx", "kobo_xlsx_names_summary", 2,
          repeats=KOBO, vault=IN_VAULT),
    Taken("odk_central/singlerepeat.csv", "odk_central_csv", 2, repeats={"child": 2},
          vault={"incident": 2, "person": 4}),
    Taken("odk_central/select_multiple_split.csv", "odk_select_multiple", 2, vault={"act": 3}),
    Taken("primero/incident_recorder_en_CONSTRUCTED.xlsx", "gbvims_incident_recorder", 2,
          vault={"incident": 2, "perpetrator": 2, "act": 3}),
    Taken("primero/incident_recorder_ru_CONSTRUCTED.xlsx", "gbvims_incident_recorder", 1,
          vault={"incident": 1, "perpetrator": 1, "request": 5}),
    Taken("primero/incidents_export_CONSTRUCTED.csv", "primero_incidents_csv", 1,
          vault={"incident": 1, "person": 1, "act": 2, "perpetrator": 0}),
    Taken("primero/incidents_export_CONSTRUCTED.json", "primero_incidents_json", 1,
          repeats={"data.alleged_perpetrator": 2, "data.health_medical_referral_subform_section": 1,
                   "data.legal_assistance_services_subform_section": 1},
          vault={"incident": 1, "perpetrator": 2, "act": 4, "request": 2}),
    Taken("public/police_killings.csv", "police_killings", 463, quarantined=4, vault={"person": 463}),
    Taken("public/missing_migrants.csv", "missing_migrants", 6238, quarantined=11, vault={"person": 6238}),
    Taken("public/2018-12-kent-street.csv", "data_police_uk", 8438, vault={"incident": 8438}),
    Taken("uwazi/uwazi_export_example.csv", "uwazi_export", 2),
    Taken("uwazi/app_api_csv_specs_test.csv", "uwazi_import_labels", 3),
    Taken("uwazi/app_api_csv_specs_arrangeThesauriTest.csv", "uwazi_thesauri", 25),
    Taken("uwazi/app_api_csv_specs_zipData_import.csv", "uwazi_files", 3),
    Taken("uwazi/app_api_csv_specs_zipData_languages_import.csv", "uwazi_import", 3),
    Taken("uwazi/app_api_files_specs_uploads_importcsv.csv", "uwazi_titles", 2),
)  # fmt: skip
# Sample -> what its refusal says: no records are in it, or not all of them.
REFUSED = {
    "kobo/kobo_export_labels_en.csv": "leaves out the repeated groups",
    "kobo/kobo_export_labels_ru_hierarchy.csv": "leaves out the repeated groups",
    "kobo/kobo_export_xml_values_both.csv": "leaves out the repeated groups",
    "kobo/kobo_export_xml_values_details.csv": "leaves out the repeated groups",
    "kobo/kobo_export_xml_values_summary.csv": "leaves out the repeated groups",
    "odk_central/singlerepeat-child.csv": "of no source declaration",  # goes in with the file it belongs to
    "primero/ir_headers_by_locale.json": "of no source declaration",
    "primero/ir_column_order.json": "of no source declaration",
    "uwazi/app_api_csv_specs_zipData_test.csv": "there is a header and not one row",
    "uwazi/app_api_thesauri_specs_uploads_import_thesauri.csv": "of no source declaration",
    "uwazi/cypress_test_files_thesaurus-test.csv": "of no source declaration",
    "acled/acled_header.csv": "there is a header and not one row",
    "ucdp/ged_header.csv": "there is a header and not one row",
    "insecurity_insight/crsv_header.csv": "there is a header and not one row",
}
FORMS = {"kobo/form_content.json"}
HEADERS = {
    "acled/acled_header.csv": (
        "acled", {"event_date": "2024-03-01", "time_precision": "1", "fatalities": "2"},
    ),
    "ucdp/ged_header.csv": (
        "ucdp_ged",
        {"type_of_violence": "3", "date_start": "2011-03-01 00:00:00.000", "date_prec": "2",
         "date_end": "2011-03-04 00:00:00.000", "best": "2", "low": "0", "high": "3"},
    ),
    "insecurity_insight/crsv_header.csv": (
        "insecurity_insight",
        {"Date": "2024-03-01", "Type of SV": "Rape, Sexual slavery, ", "Adult or Minor": "Adult, ",
         "Number of Reported Victims": "2"},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def sources() -> dict[str, Source]:
    """The packaged declarations, the examples, and those of the fixtures that nobody would keep."""
    return load_sources(
        REPOSITORY / "examples", REPOSITORY / "tests" / "ingest" / "samples", book=load_codebook()
    )


def taken(vault: Vault, path: Path, sources: dict[str, Source]) -> FileSummary:
    """Ingest one file and check that every row of it, and of its repeats, is accounted for."""
    (summary,) = ingest_files(vault, [path], sources=sources, now=NOW).files
    assert summary.read == summary.stored + summary.already_there + summary.quarantined
    for counts in summary.sheets.values():
        rest = {name: number for name, number in counts.items() if name not in ("read", "orphans")}
        assert counts["read"] == sum(rest.values()) + counts["orphans"]
    return summary


@pytest.mark.parametrize("sample", TAKEN, ids=lambda sample: sample.name)
def test_every_sample_goes_in_and_its_counts_reconcile(bench: Workbench, sources, sample: Taken):
    path = shared_path("samples", *sample.name.split("/"))
    summary = taken(bench.vault, path, sources)
    assert summary.refused is None
    assert (summary.source_name, summary.stored, summary.quarantined) == (
        sample.source, sample.stored, sample.quarantined,
    )  # fmt: skip
    assert {name: counts["read"] for name, counts in summary.sheets.items()} == sample.repeats
    assert {table: bench.vault.count(table) for table in sample.vault} == sample.vault
    again = taken(bench.vault, path, sources)
    assert (again.stored, again.already_there) == (0, sample.stored)
    assert bench.vault.count("quarantine") == sample.quarantined


@pytest.mark.parametrize("name", REFUSED)
def test_a_sample_that_holds_no_records_or_not_all_is_refused_with_a_remedy(
    bench: Workbench, sources, name: str
):
    path = shared_path("samples", *name.split("/"))
    summary = taken(bench.vault, path, sources)
    assert summary.refused is not None
    assert REFUSED[name] in summary.refused.reason
    assert summary.refused.remedy
    assert not any(bench.records().values())


@pytest.mark.parametrize("name", FORMS)
def test_the_definition_of_a_form_is_told_from_cases(bench: Workbench, sources, name: str):
    summary = taken(bench.vault, shared_path("samples", *name.split("/")), sources)
    assert (summary.refused, summary.read) == (None, 0)
    assert "definition of a form" in summary.notices[0]


@pytest.mark.parametrize("name", HEADERS)
def test_rows_in_the_shape_of_a_context_series_are_events_and_no_cases(
    bench: Workbench, sources, tmp_path: Path, name: str
):
    source, cells = HEADERS[name]
    header = shared_path("samples", *name.split("/")).read_text(encoding="utf-8-sig").strip().split(",")
    key = sources[source].key[0]
    path = tmp_path / "events.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for number in range(7):
            row = {**cells, key: f"E{number}"}
            writer.writerow([row.get(column.strip(), "") for column in header])
    summary = taken(bench.vault, path, sources)
    assert summary.refused is None
    assert (summary.source_name, summary.stored) == (source, 7)
    assert bench.vault.count("context_event", "dataset = ?", [source]) == 7
    assert bench.vault.count("incident") == bench.vault.count("person") == 0
    (kinds,) = {row["event_subtype"] for row in bench.vault.rows("context_event")}
    assert kinds in (None, "Rape; Sexual slavery")


def test_no_sample_is_forgotten():
    samples = shared_path("samples")
    files = {str(path.relative_to(samples)) for path in samples.rglob("*") if path.is_file()}
    told = {sample.name for sample in TAKEN} | set(REFUSED) | FORMS
    assert files - {"ORIGIN.md"} == told


def test_a_series_without_its_header_row_is_refused_with_the_remedy(
    bench: Workbench, sources, tmp_path: Path
):
    header = shared_path("samples", "ucdp", "ged_header.csv").read_text().strip().split(",")
    row = {**HEADERS["ucdp/ged_header.csv"][1], "id": "412700", "year": "2011", "latitude": "42.98"}
    path = tmp_path / "ged.csv"
    path.write_text("".join(",".join(row.get(name, "") for name in header) + "\n" for _ in range(5)))
    summary = taken(bench.vault, path, sources)
    assert summary.refused is not None
    assert "a record stands in the header's place" in summary.refused.reason
    assert "give the file its header row" in summary.refused.remedy


def test_an_odk_archive_holds_its_repeats_and_loses_what_was_rejected(
    bench: Workbench, sources, tmp_path: Path
):
    main = shared_path("samples", "odk_central", "singlerepeat.csv").read_text().splitlines()
    child = shared_path("samples", "odk_central", "singlerepeat-child.csv").read_text()
    ends = {"three": "not decrypted,,", "four": "missing encrypted form data,,", "five": ",rejected,"}
    main += [f"2018-01-02T00:00:00.000Z,{key},,,{key},,,0,0,{end},0,version" for key, end in ends.items()]
    path = tmp_path / "form.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("singlerepeat.csv", "\n".join(main))
        archive.writestr("singlerepeat-child.csv", child + "Cleo,5,five,five/children/child[1]\n")
        archive.writestr("media/photo.jpg", b"\xff\xd8")
    summary = taken(bench.vault, path, sources)
    assert summary.refused is None
    assert (summary.source_name, summary.read, summary.stored) == ("odk_central_zip", 2, 2)
    assert {name: counts["read"] for name, counts in summary.sheets.items()} == {"child": 2}
    assert bench.vault.count("person") == 4
    told = " ".join(summary.notices)
    assert "2 rows were passed over for what `skip_rows` says of Status" in told
    assert "1 rows were passed over for what `skip_rows` says of ReviewState" in told
