"""Lines to paste: into a notebook, into somebody's web page, into a database.

All of them hold where a number is withheld: it is missing, never 0.
"""

from html import escape

from .published import Release
from .select import ChartData

PLACEHOLDER = "https://ADDRESS/"  # where nobody said at which address the release stands


def base_of(release: Release) -> str:
    """Return the address that snippets begin with."""
    return release.address or PLACEHOLDER


def notebook(release: Release, table: str) -> str:
    """Return Python for a notebook that reads a table; whole numbers stay whole beside withheld ones."""
    where = release.address or ""
    told = "" if where else "  # put the folder of the release here"
    return f'''import pandas as pd

release = "{where}"{told}
counts = {{name: "Int64" for name in ("value", "lower", "upper")}}  # integers that may be missing
numbers = pd.read_csv(
    release + "data/{table}.csv",
    dtype=counts,
    keep_default_na=False,
    na_values={{name: [""] for name in counts}},
)
withheld = numbers["value"].isna()  # withheld is not zero: leave it out, never fill it
shown = numbers[~withheld]
print(len(shown), "published,", int(withheld.sum()), "withheld")
'''


def page_of(name: str, language: str) -> str:
    """Return the path of a chart's page inside the release."""
    return f"pages/{name}.{language}.html"


def embed(release: Release, data: ChartData, language: str, alt: str, size: tuple[int, int]) -> str:
    """Return HTML that shows a chart elsewhere: one picture with its alternative text, source and link.

    A picture and not a frame: it needs no script, and the reader's address goes nowhere but to the picture.
    """
    base, name = base_of(release), data.declaration.name
    page, picture = f"{base}{page_of(name, language)}", f"{base}charts/{name}.{language}.svg"
    width, height = size
    source = f"{release.named('group_name', language)}, {release.id}, {release.fact('licence')}"
    return (
        f'<figure lang="{language}">\n'
        f'  <a href="{page}"><img src="{picture}" width="{width}" height="{height}"\n'
        f'    style="max-width:100%;height:auto" alt="{escape(alt)}"></a>\n'
        f"  <figcaption>{escape(data.declaration.title.text(language))}. {escape(source)}</figcaption>\n"
        "</figure>\n"
    )
