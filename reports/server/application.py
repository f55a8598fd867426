"""Release folders -> an ASGI application: pages and files, then Datasette behind the guard, all cached."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reports.published import Release, load_release
from reports.select import select_charts
from reports.site.metadata import DATABASE, datasette_metadata

from .cache import Cache
from .describe import describe_release
from .guard import guard
from .pages import fixed_sources
from .quiet_datasette import ReleaseDatabase, ReleaseDatasette, register_plugin
from .site_files import serve_sources

TEMPLATES = Path(__file__).parents[1] / "site" / "templates" / "datasette"
SETTINGS = {
    "sql_time_limit_ms": 500,
    "max_returned_rows": 1000,
    "num_sql_threads": 2,
    "suggest_facets": False,
    "allow_facet": True,
    "facet_time_limit_ms": 200,
    "default_facet_size": 40,
    "default_allow_sql": True,
    "allow_signed_tokens": False,
    "allow_download": False,  # release.db is among the files of the release
    "allow_csv_stream": True,
    "max_csv_mb": 10,
    "cache_size_kb": 2000,
    "truncate_cells_html": 300,
}


def build_application(folders: Sequence[Path]) -> Cache:
    """Return the application for some releases; the newest one is at `/`.

    Raises:
        ReportError: A folder holds no release.
    """
    releases = sorted(
        (load_release(folder) for folder in folders), key=lambda r: (r.fact("built_at"), r.id), reverse=True
    )
    datasette = _datasette(releases)
    inner = guard(datasette.app(), {release.id for release in releases})
    first = ["/", *(f"/{release.id}" for release in releases)]
    return Cache(serve_sources(fixed_sources(releases), inner), first=first)


def _datasette(releases: Sequence[Release]) -> ReleaseDatasette:
    metadata: dict[str, Any] = {"databases": {}}
    described = {}
    for release in releases:
        charts = select_charts(release)
        own = datasette_metadata(release, charts)
        metadata["databases"][release.id] = own["databases"][DATABASE]
        metadata = {**{key: value for key, value in own.items() if key != "databases"}, **metadata}
        described[release.id] = describe_release(release, charts, metadata["databases"][release.id])
    datasette = ReleaseDatasette(metadata=metadata, settings=SETTINGS, template_dir=str(TEMPLATES))
    datasette.described = described
    for release in releases:
        database = ReleaseDatabase(datasette, path=str(release.folder / "release.db"), is_mutable=False)
        datasette.add_database(database, name=release.id)
    register_plugin()
    return datasette
