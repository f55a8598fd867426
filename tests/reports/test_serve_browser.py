"""The site as people meet it: with a keyboard, on a phone, with a screen reader, on paper."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest

from reports import PublishSummary
from reports.site.release_pages import PAGES

from .browser import axe_source, browser
from .served import Served, serve

pytestmark = pytest.mark.browser
DATABASE = "/2026-Q1"
PHONE = 360  # pixels
MOST_CHARTS = 3  # pages of charts in one language; of every other kind of page one is looked at
ALWAYS = (
    DATABASE,
    f"{DATABASE}/spending_year",  # has withheld cells
    f"{DATABASE}/spending_year?_lang=ru&period=2023",  # has a filter
    f"{DATABASE}/codes",
    f"{DATABASE}/two_periods?table=persons_type_year&first=2023&second=2024",
    f"{DATABASE}/about_a_place?_lang=ru",
    f"{DATABASE}/persons_type_year/_T,2023",
    f"{DATABASE}?sql=select+1+as+one",
    f"{DATABASE}?sql=select+nothing&_lang=ru",
    f"{DATABASE}/no_such_table",
)
Page = Any


@dataclass
class Visit:
    """What was seen on one page."""

    rules_passed: int
    violations: list[tuple[str, int, str]]
    said: list[str]  # by the browser's console
    called: list[str]  # addresses of others
    width: int  # pixels, on a phone
    skips: bool


class _Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name == "href" and tag == "a" and value]


def _kind(target: str) -> str:
    """Return what pages of one template have in common: place in the tree, language, what is asked."""
    address = urlsplit(target)
    parts = address.path.split("/")[2:]
    query = dict(parse_qsl(address.query))
    name, _, ending = parts[-1].partition(".") if parts else ("", "", "")
    asked = next((key for key in ("sql", "_next", "_sort", "_sort_desc") if key in query), "")
    filtered = not asked and any(not key.startswith("_") for key in query)
    named = name if name in PAGES or not ending else "*"
    place = [named, ending] if ending else [len(parts)]
    return f"{place} {query.get('_lang', '')} {asked} {filtered}"


def _crawl(served: Served) -> list[str]:
    """Return pages of every kind that links lead to, from `/` on; no link may lead nowhere."""
    kinds: dict[str, int] = {}
    shown: list[str] = []
    waiting = ["/", *ALWAYS]
    seen = set(waiting)
    while waiting:
        target = waiting.pop(0)
        reply = served.get(target)
        # evidence.json is the auditor's to write; the release of these tests has no auditor.
        known = target.endswith("/evidence.json") or re.search("select.nothing|no_such", target)
        assert reply.status in (200, 302) or known, (target, reply.status)
        if not reply.headers.get("content-type", "").startswith("text/html"):
            continue
        shown.append(target)
        for link in _Links(reply.text).found:
            address = urldefrag(urljoin(served.address + target, link)).url
            next_target = address.removeprefix(served.address)
            if not address.startswith(served.address) or next_target in seen:
                continue
            kind = _kind(next_target)
            kinds[kind] = kinds.get(kind, 0) + 1
            if kinds[kind] <= (MOST_CHARTS if "*" in kind else 1):
                seen.add(next_target)
                waiting.append(next_target)
    return shown


@pytest.fixture(scope="module")
def served(published: PublishSummary) -> Iterator[Served]:
    with serve(published.folder) as server:
        yield server


@pytest.fixture(scope="module")
def site(served: Served) -> list[str]:
    return _crawl(served)


def _run_axe(page: Page) -> tuple[int, list[tuple[str, int, str]]]:
    """Return the number of rules that passed, and rule, number of nodes and first node of each violation."""
    # Through the debugger, not as an element of the page: the policy of the page stays as it is.
    page.evaluate(axe_source())
    result = page.evaluate("axe.run(document)")
    return len(result["passes"]), [
        (each["id"], len(each["nodes"]), each["nodes"][0]["html"][:120]) for each in result["violations"]
    ]


def _skips(page: Page) -> bool:
    """Press Tab and Enter, as somebody does who wants past the navigation; say whether that leads there."""
    page.keyboard.press("Tab")
    seen = page.evaluate(
        "(document.activeElement.getAttribute('href') || '').startsWith('#') "
        "&& document.activeElement.getBoundingClientRect().left >= 0"
    )
    page.keyboard.press("Enter")
    inside = "location.hash && document.querySelector(location.hash).closest('main') !== null"
    return bool(seen and page.evaluate(inside))


def _visit(page: Page, served: Served, target: str) -> Visit:
    said: list[str] = []
    called: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: called.append(request.url))
    page.set_viewport_size({"width": 1200, "height": 900})
    page.goto(served.address + target)
    skips = _skips(page)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    passed, violations = _run_axe(page)
    page.set_viewport_size({"width": PHONE, "height": 740})
    return Visit(
        rules_passed=passed,
        violations=violations,
        # The error pages are answered with 400 and 404, which the console repeats.
        said=[text for text in said if "Failed to load resource" not in text],
        called=[url for url in called if not url.startswith((served.address, "data:"))],
        width=page.evaluate("document.documentElement.scrollWidth"),
        skips=skips,
    )


@pytest.fixture(scope="module")
def page(served: Served) -> Iterator[Page]:
    with browser() as opened:
        context = opened.new_context(viewport={"width": 1200, "height": 900})
        shown = context.new_page()
        shown.set_default_timeout(60_000)
        yield shown


def test_the_site_has_pages_of_every_kind_in_both_languages(site: list[str]) -> None:
    assert any(target.endswith("index.en.html") for target in site)
    assert any(target.endswith("index.ru.html") for target in site)
    assert any("_lang=ru" in target for target in site)
    assert len(site) > 20


def test_every_page_is_for_everybody(served: Served, site: list[str], page: Page) -> None:
    """One test: every page is opened once for all questions, also where tests run in several processes."""
    for target in site:
        tab = page.context.new_page()
        visit = _visit(tab, served, target)
        tab.close()
        assert visit.violations == [], f"{target}: axe finds these"
        assert visit.rules_passed > 10, f"{target}: axe has not looked"
        assert visit.said == [], f"{target}: the browser complains, of its policy for one"
        assert visit.called == [], f"{target}: calls somebody else"
        assert visit.width <= PHONE, f"{target}: scrolls sideways on a phone"
        assert visit.skips, f"{target}: the first Tab does not lead past the navigation"
    assert not page.context.cookies()


def test_axe_would_find_a_violation(served: Served, page: Page) -> None:
    page.goto(f"{served.address}{DATABASE}/no_such_table")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    _, violations = _run_axe(page)
    assert [each[0] for each in violations] == ["html-has-lang"]


def test_a_table_can_be_filtered_and_scrolled_with_the_keyboard_alone(served: Served, page: Page) -> None:
    page.goto(f"{served.address}{DATABASE}/spending_year")
    reached: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "[document.activeElement.tagName, document.activeElement.className].join(' ').trim()"
            )
        )
    assert "SUMMARY" in reached
    assert "DIV scroll" in reached
    page.goto(f"{served.address}{DATABASE}/spending_year")
    page.focus("details.filters > summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Period")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("2023")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "period__exact=2023" in page.url
    assert "2023" in page.inner_text("tbody")
    assert "2022" not in page.inner_text("tbody")


def test_every_control_shows_where_the_focus_is(served: Served, page: Page) -> None:
    page.goto(f"{served.address}{DATABASE}/two_periods")
    for _ in range(12):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return [document.activeElement.tagName, s.outlineStyle, parseFloat(s.outlineWidth)]; })()"
        )
        assert style[0] == "BODY" or (style[1] != "none" and style[2] >= 2), style


def test_on_paper_the_page_has_its_numbers_and_no_controls(served: Served, page: Page) -> None:
    page.goto(f"{served.address}{DATABASE}/spending_year")
    page.emulate_media(media="print")
    assert page.is_hidden("details.filters")
    assert page.is_hidden(".language")
    assert page.is_visible("tbody")
    page.emulate_media(media="screen")


def test_a_withheld_number_is_said_in_words(served: Served, page: Page) -> None:
    page.goto(f"{served.address}{DATABASE}/spending_year")
    assert "withheld" in page.inner_text("tbody")
    page.goto(f"{served.address}{DATABASE}/spending_year?_lang=ru")
    assert "скрыто" in page.inner_text("tbody")
