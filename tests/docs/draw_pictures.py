"""Make the pictures of the README again: one chart and the site, from the seeded demo; nobody in it exists.

python -m tests.docs.draw_pictures     needs Debian's Chromium; about a minute
"""

import io
import shutil
import tempfile
from pathlib import Path

import reports
from tests.shared_files import REPOSITORY

from .shell import Shell
from .steady_world import FIRST_DAY, Clock, steady_world

PICTURES = REPOSITORY / "docs" / "pictures"
CHART = "help_result_year"
WIDTH = 900  # px of a picture; GitHub shows no more
COLOURS = 64  # of a PNG with a palette


def draw() -> None:
    """Build the demo of 1,200 incidents on the fixed day, draw it, look at it, and write two pictures."""
    publish = reports.publish_release
    with tempfile.TemporaryDirectory() as folder, steady_world(Clock()):
        reports.publish_release = publish  # with its pictures
        shell = Shell(Path(folder), {"WITHHELD_PASSPHRASE": "demo"})
        text, code = shell.run("withheld demo demo --incidents 1200")
        if code:
            raise SystemExit(text)
        release = Path(folder) / "demo" / "public" / FIRST_DAY.isoformat()
        PICTURES.mkdir(exist_ok=True)
        write_small(PICTURES / "chart.png", (release / "charts" / f"{CHART}.en.png").read_bytes())
        shell.run(f"withheld serve {release.parent}")
        write_small(PICTURES / "site.png", seen_at(shell.address))
        shell.close()


def seen_at(address: str) -> bytes:
    """Return what a reader sees at an address first, as PNG."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        page.goto(address)
        picture = page.screenshot()
        browser.close()
    return picture


def write_small(path: Path, content: bytes) -> None:
    """Write a PNG in fewer pixels and colours."""
    from PIL import Image

    picture = Image.open(io.BytesIO(content)).convert("RGB")
    height = round(picture.height * WIDTH / picture.width)
    small = picture.resize((WIDTH, height), Image.Resampling.LANCZOS)
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    draw()
