"""Imports have no circles, and without networks neither PyTorch nor matplotlib is imported."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import ganbats_sampler

PACKAGE = Path(ganbats_sampler.__file__).parent

# The other parts of the package that each part may import.
ALLOWED = {
    "series": set(),
    "warn": set(),
    "files": {"warn"},
    "threads": set(),
    "networks": set(),
    "metrics": {"series", "threads"},
    "adversarial": {"files", "metrics", "series", "warn"},
    "flow_matching": {"adversarial"},
    "datasets": {"warn"},
    "containers": {"series"},
    "transforms": set(),
    "recombination": {"threads", "transforms"},
    "herding": {"metrics", "series"},
    "generators": {
        "adversarial",
        "herding",
        "metrics",
        "recombination",
        "series",
        "threads",
        "transforms",
        "warn",
    },
    "plotting": {"metrics"},
    "report": {"files", "threads", "metrics", "plotting", "series"},
    "strategies": set(),
    "saving": {
        "adversarial",
        "flow_matching",
        "generators",
        "herding",
        "metrics",
        "networks",
        "recombination",
        "series",
        "strategies",
        "transforms",
        "warn",
    },
    "samplers": {
        "adversarial",
        "containers",
        "files",
        "flow_matching",
        "threads",
        "generators",
        "herding",
        "networks",
        "recombination",
        "report",
        "saving",
        "series",
        "transforms",
        "warn",
    },
    "model_selection": {"samplers", "strategies"},
    "benchmark": {
        "adversarial",
        "datasets",
        "files",
        "metrics",
        "model_selection",
        "plotting",
        "report",
        "samplers",
        "series",
        "warn",
    },
    "cli": {"benchmark", "files", "samplers", "datasets", "metrics", "plotting"},
}


def imported_modules(path):
    """Yield the modules of the package that a file imports, also in functions and for types."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [node.module]
            if node.module == "ganbats_sampler":
                names = [f"ganbats_sampler.{alias.name}" for alias in node.names]
            elif node.module and node.module.startswith("ganbats_sampler."):
                # the imported name may be a module
                names += [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (name for name in names if name.startswith("ganbats_sampler."))


def imported_parts(path):
    return {name.split(".")[1] for name in imported_modules(path)}


def module_graph():
    """Return the imports of each module. A package stands for its __init__."""
    modules = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        modules[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return {
        name: {other for other in imported_modules(path) if other in modules} - {name}
        for name, path in modules.items()
        # the package itself imports lazily, and names everything
        if name not in ("ganbats_sampler", "ganbats_sampler.__main__")
    }


def find_circle(graph):
    """Return modules that import each other in a circle; empty if there are none."""
    done, path = set(), []

    def visit(name):
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        path.append(name)
        for other in sorted(graph.get(name, ())):
            if circle := visit(other):
                return circle
        path.pop()
        done.add(name)
        return []

    return next((circle for name in sorted(graph) if (circle := visit(name))), [])


@pytest.mark.parametrize("part", sorted(ALLOWED))
def test_a_part_imports_only_allowed_parts(part):
    files = [PACKAGE / f"{part}.py"] if (PACKAGE / f"{part}.py").exists() else []
    files += (PACKAGE / part).rglob("*.py")
    assert files
    public = set(ganbats_sampler.__all__)  # the lazy names of the package itself
    for path in files:
        assert imported_parts(path) - public <= ALLOWED[part] | {part}, path


def test_every_part_has_its_rule():
    parts = {p.stem for p in PACKAGE.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}
    assert parts - {"__init__", "__main__"} == set(ALLOWED)


def test_there_are_no_circular_imports():
    assert find_circle(module_graph()) == []


def test_a_circular_import_is_found():
    assert find_circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    graph = module_graph()
    # an import inside a function, and one within a part
    assert "ganbats_sampler.samplers" in graph["ganbats_sampler.model_selection"]
    assert "ganbats_sampler.metrics.pairing" in graph["ganbats_sampler.metrics.prd"]


def test_no_sampler_imports_a_sibling():
    shared = {
        "_docstrings",
        "_hints",
        "adversarial",
        "base",
        "convolutional",
        "cost",
        "counts",
        "fitted",
        "network",
        "registry",
        "row_numbers",
        "saved",
    }
    tables = {"__init__", "catalogue", "registry"}
    for path in (PACKAGE / "samplers").glob("*.py"):
        if path.stem not in tables:
            siblings = {
                name.split(".")[2]
                for name in imported_modules(path)
                if name.startswith("ganbats_sampler.samplers.")
            }
            assert siblings <= shared, path


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
        "from ganbats_sampler import AeonSampler, HerdedSampler, RecombinationSampler\n"
        "sampler = HerdedSampler()\n"
        "X = [[i % 7, i % 5, i % 3, 1.5] for i in range(30)]\n"
        "sampler.fit_resample(X, [0] * 20 + [1] * 10)\n"
        "sampler.quality_report()",
        "from ganbats_sampler.samplers import get_sampler; get_sampler('smote')",
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
