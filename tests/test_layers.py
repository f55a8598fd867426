"""The walls of the house: which stage may import which, seen in every import of the source."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ALLOWED: dict[str, set[str]] = {
    "codebook": set(),
    "vault": {"codebook"},
    "ingest": {"codebook", "vault"},
    "anonymize": {"codebook", "vault"},
    "reports": {"codebook"},
}
STAGES = set(ALLOWED) | {"withheld", "withheld_cli"}
FILES = sorted(
    path for stage in ALLOWED for path in (ROOT / stage).rglob("*.py") if "__pycache__" not in path.parts
)


def imported_stages(path: Path) -> set[str]:
    """Return the stages that a file imports anywhere, inside functions too, by absolute or dynamic import."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.ImportFrom):
            depth = len(path.relative_to(ROOT).parts) - 1
            assert node.level <= depth, f"{path}: a relative import leaves its stage"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # importlib.import_module("vault.store") would walk through the wall
            head, dot, rest = node.value.partition(".")
            if dot and head in STAGES and rest.isidentifier() and (ROOT / head / f"{rest}.py").exists():
                found.add(head)
    return found & STAGES


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(ROOT)) for path in FILES])
def test_a_file_imports_only_from_the_floors_below(path):
    stage = path.relative_to(ROOT).parts[0]
    assert imported_stages(path) <= ALLOWED[stage] | {stage}


def test_the_auditor_and_the_protector_share_no_code():
    for path in sorted((ROOT / "anonymize" / "audit").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert "anonymize.tables" not in text, path.name
        assert "..tables" not in text, path.name
        assert "from .." not in text, path.name
    for path in sorted((ROOT / "anonymize" / "tables").rglob("*.py")):
        assert "audit" not in path.read_text(encoding="utf-8"), path.name


def test_one_module_only_knows_the_encryption():
    for path in FILES:
        if path.relative_to(ROOT).as_posix() != "vault/encrypted.py":
            assert "sqlcipher3" not in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(ROOT)) for path in FILES])
def test_a_file_is_short_enough_to_have_one_purpose(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(ROOT)) for path in FILES])
def test_a_module_opens_with_its_caption(path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, "every module says in one line what it is"
    assert docstring.split("\n\n")[0].strip().endswith((".", "?"))
