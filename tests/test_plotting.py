"""Pictures: what is on the axes."""

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from ganbats_sampler.plotting import plot_losses, plot_real_beside_generated, plot_spread

HISTORY = [
    {"update": 10, "generator_loss": 1.0, "discriminator_loss": 2.0, "spread": np.nan},
    {"update": 20, "generator_loss": 1.5, "discriminator_loss": 1.0, "spread": 0.5},
]


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_both_sides_share_scale_and_axis():
    real, generated = np.zeros((20, 2, 30)), np.full((3, 2, 30), 5.0)
    axes = plot_real_beside_generated(real, generated, channel=1, sampling_rate=10, unit="mV")
    assert [len(ax.lines) for ax in axes] == [8, 3]
    assert axes[0].get_ylim() == axes[1].get_ylim()
    assert axes[0].get_ylim()[0] < 0 and axes[0].get_ylim()[1] > 5
    assert axes[0].lines[0].get_xdata()[-1] == pytest.approx(2.9)
    assert (axes[0].get_xlabel(), axes[0].get_ylabel()) == ("time (s)", "value (mV)")


def test_losses():
    ax = plot_losses(HISTORY)
    curves = {line.get_label(): line.get_xydata().tolist() for line in ax.lines}
    assert curves == {
        "discriminator": [[10, 2], [20, 1]],
        "generator": [[10, 1], [20, 1.5]],
    }


def test_spread_leaves_out_what_was_not_looked_at():
    ax = plot_spread(HISTORY)
    assert ax.lines[0].get_xydata().tolist() == [[20, 0.5]]
    assert plot_spread([]) is not None


def test_given_axes_are_used():
    _, given = plt.subplots(1, 2)
    assert plot_real_beside_generated(np.ones((2, 3)), np.ones((2, 3)), axes=given) is given
    assert plot_losses(HISTORY, ax=given[0]) is given[0]
    assert plot_spread(HISTORY, ax=given[1]) is given[1]
