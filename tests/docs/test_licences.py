"""The page of licences names every folder of data that is handed out, and every package that is installed."""

import re
import tomllib
import zipfile
from pathlib import PurePosixPath

from tests.shared_files import REPOSITORY

PAGE = (REPOSITORY / "docs" / "licences.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `?([^`|]+?)`? \| (.+?) \|(?: (.+?) \|)?$", PAGE, re.MULTILINE)


def requirements(*names: str) -> set[str]:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = [project["optional-dependencies"][name] for name in names] or [project["dependencies"]]
    return {re.split(r"[\[><=;]", one)[0] for found in lists for one in found}


def test_every_folder_of_data_in_the_wheel_has_a_stated_origin(packed):
    with zipfile.ZipFile(packed.wheel) as archive:
        data = [PurePosixPath(name) for name in archive.namelist() if not name.endswith(".py")]
    folders = {f"{path.parent}/" for path in data if ".dist-info" not in path.parts[0]}
    stated = {folder: origin for folder, _, origin in ROWS if folder.endswith("/")}
    assert set(stated) == folders
    assert all(stated.values())


def test_no_font_and_no_model_is_in_the_wheel(packed):
    with zipfile.ZipFile(packed.wheel) as archive:
        kinds = {PurePosixPath(name).suffix for name in archive.namelist()}
    assert not kinds & {".ttf", ".otf", ".woff", ".woff2", ".tar", ".npy", ".bin", ".dawg"}


def test_every_package_that_is_installed_has_its_licence_on_the_page():
    table = PAGE.partition("## What is installed beside it")[2]
    named = [name for name, licence in re.findall(r"^\| (\S+) \| (.+) \|$", table, re.MULTILINE) if licence]
    assert set(named) - {"package"} == requirements()


def test_the_packages_of_the_recogniser_are_named_too():
    for name in requirements("ner"):
        assert name in PAGE, name


def test_the_readme_gives_the_credit_that_geonames_asks_for():
    assert "[GeoNames](https://www.geonames.org/) (CC BY 4.0)" in (REPOSITORY / "README.md").read_text(
        "utf-8"
    )
