"""Imports run one way, and the light parts stay light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import ganbats_sampler

PACKAGE = Path(ganbats_sampler.__file__).parent

# What each part may import of the package, beside itself.
ALLOWED = {
    "networks": set(),
    "adversarial": set(),
    "metrics": set(),
    "series": set(),
    "datasets": set(),
    "containers": {"series"},
    "transforms": set(),
    "recombination": {"transforms"},
    "herding": {"metrics"},
    "plotting": {"metrics"},
    "report": {"metrics", "plotting"},
    "samplers": {
        "adversarial",
        "containers",
        "herding",
        "networks",
        "metrics",
        "recombination",
        "report",
        "series",
        "transforms",
    },
    "model_selection": {"samplers"},
    "benchmark": {"samplers", "datasets", "metrics", "model_selection", "plotting", "report"},
    "cli": {"benchmark", "samplers", "datasets", "metrics", "plotting"},
}


def imported_parts(path):
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [node.module]
            if node.module == "ganbats_sampler":
                names = [f"ganbats_sampler.{alias.name}" for alias in node.names]
        for name in names:
            if name.startswith("ganbats_sampler."):
                yield name.split(".")[1]


@pytest.mark.parametrize("part", sorted(ALLOWED))
def test_a_part_imports_only_what_it_may(part):
    files = [PACKAGE / f"{part}.py"] if (PACKAGE / f"{part}.py").exists() else []
    files += (PACKAGE / part).rglob("*.py")
    assert files
    public = set(ganbats_sampler.__all__)  # the lazy names of the package itself
    for path in files:
        assert set(imported_parts(path)) - public <= ALLOWED[part] | {part}, path


def test_every_part_has_its_rule():
    parts = {p.stem for p in PACKAGE.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}
    assert parts - {"__init__", "__main__"} == set(ALLOWED)


@pytest.mark.parametrize(
    "statement",
    [
        "import ganbats_sampler",
        "import ganbats_sampler.benchmark",
        "import ganbats_sampler.metrics",
        "import ganbats_sampler.datasets",
        "import ganbats_sampler.plotting",
        "import ganbats_sampler.report",
        "import ganbats_sampler.transforms",
        "from ganbats_sampler.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass",
    ],
)
def test_without_torch_and_matplotlib(statement):
    code = f"{statement}\nimport sys; assert not {{'torch', 'matplotlib'}} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def test_public_names():
    for name in ganbats_sampler.__all__:
        assert getattr(ganbats_sampler, name)
        assert name in dir(ganbats_sampler)
    assert ganbats_sampler.metrics.prd
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        ganbats_sampler.nothing  # noqa: B018
