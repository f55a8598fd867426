"""Templates and words of the static pages; loaded once."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from reports.published import Bilingual

HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def _words() -> dict[str, Bilingual]:
    raw = yaml.safe_load((HERE / "words.yml").read_text(encoding="utf-8"))
    return {key: Bilingual(**value) for key, value in raw.items()}


def words(language: str) -> dict[str, str]:
    """Return every word of the pages in one language."""
    return {key: value.text(language) for key, value in _words().items()}


@lru_cache(maxsize=1)
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=1)
def styles() -> str:
    """Return the style sheet, which stands inside every page: a page alone on a stick looks right too."""
    return (HERE / "static" / "site.css").read_text(encoding="utf-8")


def render(template: str, values: dict[str, Any]) -> str:
    """Fill a template of `templates/`."""
    page: str = _environment().get_template(template).render(**values)
    return page
