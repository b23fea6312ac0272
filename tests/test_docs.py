"""Code blocks of the README, the guides and the concepts run as printed, each page from its top."""

import re
import textwrap
from pathlib import Path

import pytest

from ganbats_sampler import plotting
from ganbats_sampler.samplers import flow_matching, ganbats

DOCS = Path(__file__).parents[1] / "docs"
PAGES = [
    DOCS / "index.rst",
    DOCS / "getting_started.rst",
    *sorted((DOCS / "guides").glob("*.rst")),
    *sorted((DOCS / "concepts").glob("*.rst")),
]
BLOCK = re.compile(
    r"^\.\. (?:code-block:: python|testsetup::)\n\n((?:(?:   .*)?\n)+)", re.MULTILINE
)


@pytest.fixture
def quick(monkeypatch, tmp_path):
    """A place for files, no windows, and networks that are trained for a moment."""
    monkeypatch.chdir(tmp_path)
    for module in (ganbats, flow_matching):
        for name in ("MIN_UPDATES", "updates_by_size"):
            if hasattr(module, name):
                few = 3 if name == "MIN_UPDATES" else lambda *args, **kwargs: 3
                monkeypatch.setattr(module, name, few)
    yield
    plotting.import_pyplot().close("all")


def blocks_of(page):
    """Find the blocks of a page in their order, without their indentation."""
    return [textwrap.dedent(block) for block in BLOCK.findall(page.read_text() + "\n")]


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_code_blocks_run(page, quick):
    pytest.importorskip("aeon")
    names = {"__name__": "__main__"}
    for number, block in enumerate(blocks_of(page), 1):
        exec(compile(block, f"{page.name}, block {number}", "exec"), names)


def test_blocks_are_found():
    assert sum(len(blocks_of(page)) for page in PAGES) > 40
    assert len(blocks_of(DOCS / "getting_started.rst")) == 6


def test_the_readme_runs(quick):
    import numpy as np

    text = (DOCS.parent / "README.md").read_text()
    (block,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    rng = np.random.default_rng(0)
    y = np.repeat(["normal", "abnormal"], [40, 12])
    X = rng.normal(size=(52, 24)).cumsum(axis=1) + 2 * (y == "abnormal")[:, None]
    exec(compile(block, "README.md", "exec"), {"X": X, "y": y, "X_new": X[:3]})


def test_every_table_is_shown():
    shown = "".join(page.read_text() for page in (DOCS / "evidence").glob("*.rst"))
    names = {path.name for path in (DOCS / "data" / "tables").glob("*.csv")}
    assert names == set(re.findall(r"tables/(\w+\.csv)", shown))
