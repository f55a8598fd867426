"""A release of the demo, for the sections that need one."""

from pathlib import Path

from benchmarks.model import Setting
from benchmarks.process import ours, required


def demo_release(setting: Setting) -> Path:
    """Return the release that was named, or run the demo in the scratch folder and return its own."""
    if setting.release:
        return setting.release
    workspace = setting.folder / "group"
    required(ours("demo", workspace, "--incidents", "500" if setting.quick else "2000"))
    (release,) = (path for path in (workspace / "public").iterdir() if path.is_dir())
    return release
