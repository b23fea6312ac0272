"""The contents of pictures."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from ganbats_sampler.generators.herded import Selection
from ganbats_sampler.plotting import (
    plot_discrepancy,
    plot_distances,
    plot_diversity,
    plot_embedding,
    plot_losses,
    plot_nearest,
    plot_real_beside_synthetic,
    plot_selection,
    plot_spectra,
)
from ganbats_sampler.samplers import get_sampler

HISTORY = [
    {"update": 10, "generator_loss": 1.0, "discriminator_loss": 2.0, "diversity": np.nan},
    {"update": 20, "generator_loss": 1.5, "discriminator_loss": 1.0, "diversity": 0.5},
]


def test_both_sides_share_scale_and_axis():
    real, synthetic = np.zeros((20, 2, 30)), np.full((3, 2, 30), 5.0)
    axes = plot_real_beside_synthetic(real, synthetic, channel=1, sampling_rate=10, unit="mV")
    assert [len(ax.lines) for ax in axes] == [8, 3]
    assert axes[0].get_ylim() == axes[1].get_ylim()
    assert axes[0].get_ylim()[0] < 0 and axes[0].get_ylim()[1] > 5
    assert axes[0].lines[0].get_xdata()[-1] == pytest.approx(2.9)
    assert (axes[0].get_xlabel(), axes[0].get_ylabel()) == ("time (s)", "value (mV)")


def test_losses_have_one_curve_for_each_network():
    ax = plot_losses(HISTORY)
    curves = {line.get_label(): line.get_xydata().tolist() for line in ax.lines}
    assert curves == {
        "discriminator": [[10, 2], [20, 1]],
        "generator": [[10, 1], [20, 1.5]],
    }


def test_diversity_leaves_out_epochs_without_an_evaluation():
    ax = plot_diversity(HISTORY)
    assert ax.lines[0].get_xydata().tolist() == [[20, 0.5]]
    (reference,) = plot_diversity([]).lines  # only the line of real series
    assert list(reference.get_ydata()) == [1, 1]


def test_kept_generator_is_marked():
    discrepancies = [np.nan, 0.4, 0.2, 0.3]
    ax = plot_discrepancy(
        [{"update": 10 * i, "discrepancy": d} for i, d in enumerate(discrepancies)]
    )
    assert ax.lines[0].get_xydata().tolist() == [[10, 0.4], [20, 0.2], [30, 0.3]]
    kept = next(line for line in ax.lines if line.get_label() == "kept")
    assert kept.get_xydata().tolist() == [[20, 0.2]]
    assert plot_discrepancy(HISTORY, ax=ax) is ax  # a history without discrepancies


def test_given_axes_are_used():
    _, given = plt.subplots(1, 2)
    assert plot_real_beside_synthetic(np.ones((2, 3)), np.ones((2, 3)), axes=given) is given
    assert plot_losses(HISTORY, ax=given[0]) is given[0]
    assert plot_diversity(HISTORY, ax=given[1]) is given[1]


@pytest.fixture
def series():
    rng = np.random.default_rng(0)
    return rng.normal(size=(30, 2, 40)), rng.normal(size=(20, 2, 40))


def test_each_synthetic_series_lies_over_its_nearest_real_one(series):
    real, _ = series
    ax = plot_nearest(real, real[::-1] + 1e-9, n_series=3, channel=1)
    assert len(ax.lines) == 6
    for nearest, drawn in zip(ax.lines[::2], ax.lines[1::2], strict=True):
        np.testing.assert_allclose(nearest.get_ydata(), drawn.get_ydata(), atol=1e-6)


def test_a_spectrum_peaks_at_its_frequency():
    time = np.arange(100) / 50
    tones = np.sin(2 * np.pi * 5 * time + np.arange(10)[:, None])
    ax = plot_spectra(tones, tones, sampling_rate=50)
    frequency, level = ax.lines[0].get_data()
    assert frequency[np.argmax(level)] == pytest.approx(5)
    assert ax.get_xlabel() == "frequency (Hz)" and frequency[-1] == pytest.approx(25)


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_each_point_is_a_series(series, method):
    ax = plot_embedding(*series, method=method)
    assert [len(points.get_offsets()) for points in ax.collections] == [30, 20]


def test_unknown_embedding_raises(series):
    with pytest.raises(ValueError, match='choose from "pca"'):
        plot_embedding(*series, method="umap")


@pytest.mark.parametrize("held_out", [True, False])
def test_copies_have_the_smallest_distances(series, held_out):
    real, others = series
    ax = plot_distances(real, real, others if held_out else None)
    of_real, of_synthetic = (
        np.array([bar.get_height() for bar in container]) for container in ax.containers
    )
    assert of_synthetic[0] == pytest.approx(1) and of_real[0] == 0
    assert of_real.sum() == pytest.approx(1)


@pytest.mark.parametrize("plot", [plot_nearest, plot_spectra, plot_embedding, plot_distances])
def test_plots_use_the_given_axes(series, plot):
    ax = plt.subplots()[1]
    assert plot(*series, ax=ax) is ax and ax.get_xlabel() and ax.get_title()


def test_chosen_candidates_are_counted_by_sampler():
    selection = Selection(
        candidates=np.zeros((5, 1, 4)),
        sources=np.array(["a", "a", "a", "b", "b"]),
        chosen=np.array([4, 0, 1]),
        components=np.arange(10.0).reshape(5, 2),
        real_components=np.ones((2, 2)),
    )
    where, counts = plot_selection(selection)
    assert [patch.get_width() for patch in counts.patches] == [3, 2, 2, 1]
    points = [collection.get_offsets().tolist() for collection in where.collections]
    assert points == [[[4, 5]], [[0, 1], [2, 3]], [[6, 7]], [[8, 9]], [[1, 1], [1, 1]]]
    of_one = selection._replace(components=np.ones((5, 1)), real_components=np.ones((2, 1)))
    assert len(plot_selection(of_one)) == 2  # one component is drawn on a line


@pytest.mark.parametrize("wrong", [get_sampler("herded"), {"a": 1}, None, np.zeros((3, 4))])
def test_wrong_selection_raises(wrong):
    with pytest.raises(TypeError, match=r"plot_selection\(sampler.selection\(\)\)"):
        plot_selection(wrong)
    assert not plt.get_fignums()


@pytest.mark.parametrize("plot", [plot_losses, plot_diversity, plot_discrepancy])
@pytest.mark.parametrize("wrong", [get_sampler("ganbats"), {"a": HISTORY}, None, "a", [1.0, 2.0]])
def test_wrong_history_raises(plot, wrong):
    with pytest.raises(TypeError, match=r"sampler.history_\[label\]"):
        plot(wrong)
    assert not plt.get_fignums()


@pytest.mark.parametrize("plot", [plot_real_beside_synthetic, plot_nearest, plot_spectra])
def test_unknown_channel_raises(series, plot):
    with pytest.raises(ValueError, match="channel=2 was given; the series have 2"):
        plot(*series, channel=2)
    plot(*series, channel=-1)
