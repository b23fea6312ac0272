"""The scripts of the benchmarks can be imported, and list their methods."""

import importlib.util
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "examples" / "benchmarks"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_a_benchmark_script_can_be_imported(path, monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    spec = importlib.util.spec_from_file_location(f"benchmarks_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert callable(module.main)
    if hasattr(module, "methods"):
        assert module.methods()
    for name in {other.stem for other in FOLDER.glob("*.py")} & sys.modules.keys():
        monkeypatch.delitem(sys.modules, name)
