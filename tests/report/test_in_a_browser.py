"""The pages in a browser, on phone and desktop, in light and dark mode, and by keyboard."""

import contextlib
import shutil

import numpy as np
import pandas as pd
import pytest

from ganbats_sampler import quality_report
from ganbats_sampler.benchmark import judge
from tests.benchmark.verdict.runs import lose, make_runs

pytestmark = pytest.mark.slow
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
#: The minimum of WCAG 2.1, level AA, for text of normal size.
MIN_CONTRAST = 4.5

# The contrast of each visible text with its background, by WCAG's formula.
CONTRASTS = """() => {
  const channels = (colour) => {
    const parts = colour.match(/[\\d.]+/g).map(Number);
    return [...parts.slice(0, 3), parts.length > 3 ? parts[3] : 1];
  };
  const over = (front, back) =>
    [0, 1, 2].map((i) => front[3] * front[i] + (1 - front[3]) * back[i]);
  const behind = (element) => {
    if (!element) return channels(getComputedStyle(document.body).backgroundColor);
    const own = channels(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, behind(element.parentElement));
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((c) => {
      c /= 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const element = node.parentElement;
    if (!node.textContent.trim() || !element.checkVisibility()) continue;
    const back = behind(element);
    const front = over(channels(getComputedStyle(element).color), back);
    const [low, high] = [luminance(front), luminance(back)].sort((a, b) => a - b);
    const background = getComputedStyle(element).backgroundColor;
    found.push([(high + 0.05) / (low + 0.05), node.textContent.trim(), background]);
  }
  return found;
}"""

CUT_OFF = """() => [...document.querySelectorAll('main *')]
  .filter((one) => !one.closest('.table, svg'))
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.outerHTML)"""


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="no browser here: pip install playwright"
    )
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_api.sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except sync_api.Error as error:
            pytest.skip(f"no browser here: playwright install chromium ({error.message[:80]})")
        yield browser
        browser.close()


def make_verdict():
    """Make a verdict with every colour and mark."""
    effects = {
        **{"class_weights": 0.02, "tuned_threshold": 0.0, "smote": 0.09, "cgan": -0.09},
        **{"wgan": -0.04, "a_sampler_with_a_long_name": 0.04, "jitter": -0.02, "oracle": 0.1},
    }
    runs = pd.concat(
        make_runs(effects, n_tasks=8, classifier=name).assign(brier=0.1)
        for name in ("ridge", "forest")
    )
    runs = lose(runs, (runs["method"] == "wgan") & (runs["task"] < "task 02"))
    runs.loc[(runs["method"] == "cgan") & (runs["seed"] == 1), "reason"] = "failed the checks: -"
    return judge(runs, against="smote")


def make_leaking_verdict():
    return judge(make_runs({"smote": 0.5}, n_tasks=5).assign(protocol="before-split"))


def make_report():
    """Make a report with a badge of every colour, and with a class without figures."""
    rng = np.random.default_rng(0)

    def walks(n_samples):
        return rng.normal(size=(n_samples, 1, 40)).cumsum(axis=2)

    real = {name: walks(80) for name in ("good", "copied")} | {"small": walks(12), "few": walks(6)}
    synthetic = {name: walks(80) for name in real} | {"copied": real["copied"]}
    return quality_report(real, synthetic, {name: walks(80) for name in real})


@pytest.fixture(
    scope="module",
    params=[make_verdict, make_leaking_verdict, make_report],
    ids=lambda f: f.__name__,
)
def address(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "page.html"
    return request.param().save(path).as_uri()


@pytest.fixture(params=[(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")], ids=str)
def page(request, browser, address):
    width, scheme = request.param
    with contextlib.closing(
        browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    ) as page:
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(address)
        yield page


def open_all(page):
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")


def test_page_fits_the_window_without_errors(page):
    for is_open in (False, True):
        if is_open:
            open_all(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        # nothing is cut off outside of scrolling tables
        assert page.evaluate(CUT_OFF) == []
    assert page.complaints == []


def test_every_text_has_enough_contrast(page):
    open_all(page)
    found = page.evaluate(CONTRASTS)
    assert len(found) > 50
    assert [one for one in found if one[0] < MIN_CONTRAST] == []


def test_page_follows_light_or_dark_mode(page):
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert (paper == "rgb(255, 255, 255)") != is_dark


def test_folded_sections_open_by_keyboard(page):
    for one in page.locator("details").all():
        assert not one.evaluate("one => one.open")
        one.locator("summary").focus()
        page.keyboard.press("Enter")
        assert one.evaluate("one => one.open")


def test_wide_tables_can_be_reached_and_scrolled_by_keyboard(page):
    open_all(page)
    for one in page.locator(".table").all():
        one.focus()
        assert one.evaluate("one => document.activeElement === one && one.ariaLabel.length > 0")
        overflow = one.evaluate("one => one.scrollWidth - one.clientWidth")
        if overflow > 40:
            page.keyboard.press("ArrowRight")
            page.wait_for_function("document.activeElement.scrollLeft > 0")
            name = one.locator("tbody th[scope=row]").first
            if name.count():  # the row names stay visible
                assert name.evaluate("name => name.getBoundingClientRect().left") >= 0
