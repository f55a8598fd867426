"""The pages: no script, no third party, nothing missing; and Datasette over them."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from codebook.errors import ReportError
from reports import PublishSummary
from reports.published import LANGUAGES, Release
from reports.serve import find_releases


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def _page(published: PublishSummary, language: str) -> _Page:
    return _Page((published.folder / f"index.{language}.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_calls_nobody_and_runs_nothing(published: PublishSummary, language: str) -> None:
    page = _page(published, language)
    assert not {"script", "iframe", "object", "embed", "form"} & {tag for tag, _ in page.found}
    for _, attributes in page.found:
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href", "srcset", "action"):
            assert not re.match(r"(?i)\s*([a-z]+:|//)", attributes.get(name) or "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_of_a_page_leads_to_a_file_of_the_release(
    published: PublishSummary, language: str
) -> None:
    page = _page(published, language)
    names = {attributes["id"] for _, attributes in page.found if attributes.get("id")}
    for _, attributes in page.found:
        for name in ("src", "href", "srcset"):
            target = attributes.get(name)
            if not target or target == "evidence.json":  # written by the auditor, not here
                continue
            assert target[1:] in names if target.startswith("#") else (published.folder / target).is_file(), (
                target
            )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_language_main_and_an_alternative_text_a_picture(
    published: PublishSummary, language: str
) -> None:
    page = _page(published, language)
    assert ("html", {"lang": language}) in page.found
    assert [tag for tag, _ in page.found].count("main") == 1
    pictures = [attributes for tag, attributes in page.found if tag == "img"]
    assert len(pictures) == len(published.charts)
    assert all(len(picture["alt"] or "") > 80 for picture in pictures)


def test_release_metadata_describes_every_table_and_column(
    published: PublishSummary, release: Release
) -> None:
    metadata = yaml.safe_load((published.folder / "metadata.yml").read_text(encoding="utf-8"))
    tables = metadata["databases"]["release"]["tables"]
    for name, table in release.tables.items():
        assert tables[name]["title"] == table.title.en
        assert set(tables[name]["columns"]) == {
            *table.columns,
            "value",
            "lower",
            "upper",
            "obs_status",
            "conf_status",
        }
    assert metadata["license"] == "CC-BY-4.0"


def test_releases_are_found_in_a_folder_of_releases(published: PublishSummary, tmp_path: Path) -> None:
    assert find_releases([published.folder]) == find_releases([published.folder.parent])
    with pytest.raises(ReportError, match="no release in this folder"):
        find_releases([tmp_path])
