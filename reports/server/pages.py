"""Everything at a fixed address: findings pages with links into the database, release files, robots.txt."""

import json
from collections.abc import Sequence
from pathlib import Path

from reports.published import LANGUAGES, Release
from reports.select import select_charts
from reports.site.findings import site_pages
from reports.site.model import Findings, Place

from .site_files import Source, files_below

ASSETS = Path(__file__).parents[1] / "site" / "static"
HTML = "text/html; charset=utf-8"
ROBOTS = """\
User-agent: *
Disallow: /*?
{closed}Allow: /
{sitemap}"""


def fixed_sources(releases: Sequence[Release]) -> dict[str, Source]:
    """Return address -> source of all pages and files; the newest release is at `/`.

    Args:
        releases: Newest first.
    """
    sources = files_below(ASSETS, "/assets/")
    pages: dict[str, str] = {}
    for release in releases:
        prefix = f"/releases/{release.id}/"
        sources |= files_below(release.folder, prefix)
        pages |= _pages(release, releases)
    newest = releases[0]
    chosen = newest.fact("language_default")
    language = chosen if chosen in LANGUAGES else LANGUAGES[0]
    pages["/"] = pages[f"/releases/{newest.id}/index.{language}.html"]
    sources |= {address: Source(HTML, page.encode("utf-8")) for address, page in pages.items()}
    sources["/favicon.ico"] = sources["/assets/favicon.svg"]
    sources |= _for_crawlers(releases, [address for address, at in sources.items() if at.kind == HTML])
    return sources


def _pages(release: Release, releases: Sequence[Release]) -> dict[str, str]:
    prefix = f"/releases/{release.id}/"
    others = tuple((r.id, f"/releases/{r.id}/index.{{}}.html") for r in releases if r.id != release.id)
    place = Place(files=prefix, query=f"/{release.id}", others=others, script="/assets/copy.js")
    pages = site_pages(findings_of(release), place)
    return {prefix + path: page for path, page in pages.items()}


def findings_of(release: Release) -> Findings:
    """Return what the pages show, with the citations that were written into the release."""
    path = release.folder / "citations.json"
    citations = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    kinds = tuple(kind for kind in ("svg", "png", "pdf") if any(release.folder.glob(f"charts/*.{kind}")))
    return Findings(release, select_charts(release), citations, kinds)


def _for_crawlers(releases: Sequence[Release], pages: Sequence[str]) -> dict[str, Source]:
    """Return robots.txt, and a site map where the group has named its public address.

    Crawlers may read every page and file; queries are endless, so they are asked to stay away from them.
    """
    text = "text/plain; charset=utf-8"
    base = releases[0].fact("base_url").rstrip("/")
    closed = "".join(
        f"Disallow: /{release.id}/*.json\nDisallow: /{release.id}/*.csv\n" for release in releases
    )
    sitemap = f"Sitemap: {base}/sitemap.xml\n" if base else ""
    found = {"/robots.txt": Source(text, ROBOTS.format(closed=closed, sitemap=sitemap).encode())}
    if base:
        shown = sorted({*pages, *(f"/{release.id}" for release in releases)})
        lines = "".join(f"<url><loc>{base}{address}</loc></url>\n" for address in shown)
        found["/sitemap.xml"] = Source(
            "application/xml",
            f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/'
            f'sitemap/0.9">\n{lines}</urlset>\n'.encode(),
        )
    return found
