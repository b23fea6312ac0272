"""The rows of every sampler that trains nothing, so that a refactoring cannot change them.

If rows change on purpose, say why in CHANGELOG.md and write the file anew::

    python -m tests.test_golden_rows
"""

import json
from pathlib import Path

import numpy as np
import pytest

from ganbats_sampler.samplers import get_sampler, get_sampler_names
from ganbats_sampler.samplers.network import BaseNetworkSampler

FILE = Path(__file__).with_name("golden_rows.json")
NAMES = [
    name
    for name in get_sampler_names()
    if not isinstance(get_sampler(name), BaseNetworkSampler)
    and not name.startswith(
        ("aeon", "kmeans")
    )  # the rows of aeon change with its versions; KMeansSMOTE needs clusters
]


def rows_of(name, **parameters):
    """Return parts of the synthetic series of two channels, their sum and their parents."""
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], [32, 12])
    X = rng.normal(size=(44, 2, 12)).cumsum(axis=2) + y[:, None, None]
    sampler = get_sampler(name, random_state=0, **parameters)
    X_resampled, _ = sampler.fit_resample(X, y)
    made = X_resampled[44:]
    return {
        "first": made[0].ravel().tolist(),
        "sum": made.sum(axis=0).ravel().tolist(),
        "generated": sampler.generate(3, 1)[-1].ravel().tolist(),
        "parents": sampler.parent_indices_[44:, 0].tolist(),
    }


CASES = {
    **{name: {"name": name} for name in NAMES},
    **{
        f"{name}, drop={drop}": {"name": name, "drop": drop}
        for name, first in (("herded", None), ("window_warp", "copies"))
        for drop in (first, "misplaced", "both")
    },
}


@pytest.mark.filterwarnings("ignore::ganbats_sampler.FilterWarning")
@pytest.mark.parametrize("case", CASES)
def test_rows_have_not_changed(case):
    expected = json.loads(FILE.read_text())[case]
    for part, values in rows_of(**CASES[case]).items():
        np.testing.assert_allclose(values, expected[part], rtol=1e-6, atol=1e-9, err_msg=part)


if __name__ == "__main__":
    golden = {case: rows_of(**parameters) for case, parameters in CASES.items()}
    FILE.write_text(json.dumps(golden) + "\n")
