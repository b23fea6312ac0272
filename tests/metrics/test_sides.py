"""All functions that compare two or more sides refuse the same input with the same message."""

import warnings

import numpy as np
import pandas as pd
import pytest
import torch

from ganbats_sampler import metrics, plotting, quality_report

Y = np.tile([0, 1], 10)


def transfer(real, synthetic, **options):
    return metrics.train_on_synthetic_test_on_real(synthetic, Y, real, Y, **options)


def transfer_flat(real, synthetic):
    from sklearn.neighbors import KNeighborsClassifier

    return transfer(real, synthetic, classifier=KNeighborsClassifier())


def always_one(real, synthetic):
    return 1.0


def with_reference(real, synthetic):
    return metrics.score_with_reference(always_one, real, synthetic, real)


def as_held_out(real, synthetic):
    return metrics.score_with_reference(always_one, real, real, synthetic)


def convolved(real, synthetic):
    return metrics.RandomConvolutions(20).fit(real).transform(synthetic)


COMPARING = [
    metrics.prd,
    metrics.dtw,
    metrics.dtw_matrix,
    metrics.diversity_ratio,
    metrics.classifier_two_sample_test,
    metrics.maximum_mean_discrepancy,
    metrics.marginal_difference,
    metrics.autocorrelation_difference,
    metrics.skewness_difference,
    metrics.kurtosis_difference,
    metrics.spectral_distance,
    metrics.density,
    metrics.coverage,
    metrics.authenticity,
    metrics.copy_rate,
    metrics.repeat_rate,
    transfer,
    transfer_flat,
    with_reference,
    as_held_out,
    convolved,
    quality_report,
    lambda real, synthetic: quality_report(real, real, synthetic),
    lambda real, synthetic: quality_report({"a": real}, {"a": synthetic}),
    plotting.plot_real_beside_synthetic,
    plotting.plot_nearest,
    plotting.plot_spectra,
    plotting.plot_embedding,
    plotting.plot_distances,
    lambda real, synthetic: plotting.plot_distances(real, real, synthetic),
]


def test_every_public_metric_and_plot_is_listed():
    public = {name for name in metrics.__all__ if name[0].islower()}
    public |= {name for name in vars(plotting) if name.startswith("plot_")}
    tested = {function.__name__ for function in COMPARING}
    histories = {"plot_losses", "plot_diversity", "plot_discrepancy", "plot_selection"}
    own_names = {"score_with_reference", "train_on_synthetic_test_on_real"}
    assert public - tested == histories | own_names


def series(*shape):
    return np.random.default_rng(0).normal(size=shape) + 3


def masked(values):
    return np.ma.masked_array(values, np.arange(values.size).reshape(values.shape) == 7)


SHAPES = [
    [(20, 30), (20, 50)],
    [(20, 30), (20, 29)],
    [(20, 1, 30), (20, 3, 30)],
    [(20, 3, 30), (20, 1, 30)],
    [(20, 2, 15), (20, 30)],
    [(20, 2, 15), (20, 15, 2)],
]
MISSING = [
    lambda x: np.where(x == x[0, 3], np.nan, x),
    lambda x: np.where(x == x[0, 3], -np.inf, x),
    masked,
    lambda x: masked(x.astype(int)),
    lambda x: list(masked(x)),
    lambda x: [list(row) for row in masked(x)],
    lambda x: masked(x[:, None]),
    lambda x: list(masked(x[:, None])),
    lambda x: pd.DataFrame(np.where(x == x[0, 3], np.nan, x)),
]
NO_NUMBERS = [
    lambda x: x + 1j,
    lambda x: x.astype("datetime64[s]"),
    lambda x: x.astype("timedelta64[s]"),
    lambda x: np.array([*x, None], dtype=object)[:-1],  # an object array of arrays
    lambda x: pd.Series(list(x)),
    lambda x: [x[0], x[1, :-1]],
    lambda x: pd.DataFrame(x).astype("Float64").mask(x == x[0, 3]),
    lambda x: torch.tensor(x, requires_grad=True),
    lambda x: "series.csv",
    lambda x: object(),
]


@pytest.mark.parametrize("compare", COMPARING)
class TestEveryFunction:
    def test_different_channels_or_time_steps_raise(self, compare):
        for shapes in SHAPES:
            with pytest.raises(ValueError, match=r"\(\d+, \d+\).* alike"):
                compare(*(series(*shape) for shape in shapes))

    @pytest.mark.parametrize("side", [0, 1])
    def test_missing_values_raise(self, compare, side):
        for spoil in MISSING:
            sides = [series(20, 30), series(20, 30)]
            sides[side] = spoil(sides[side])
            with warnings.catch_warnings(), pytest.raises(ValueError, match="NaN or infinite"):
                warnings.simplefilter("error")
                compare(*sides)

    @pytest.mark.parametrize("side", [0, 1])
    def test_input_that_is_not_real_numbers_raises(self, compare, side):
        for make in NO_NUMBERS:
            sides = [series(20, 30), series(20, 30)]
            sides[side] = make(sides[side])
            with pytest.raises(ValueError, match="np.stack|has shape"):
                compare(*sides)

    def test_empty_mask_is_accepted(self, compare):
        real, synthetic = series(20, 30), series(20, 30) + 1
        compare(np.ma.masked_array(real), list(np.ma.masked_array(synthetic)))


def test_masked_labels_raise():
    X = series(20, 30)
    y = np.ma.masked_array(Y, Y == 1)
    for labels in ({"y_synthetic": y, "y_real": Y}, {"y_synthetic": Y, "y_real": y}):
        with pytest.raises(ValueError, match="has masked labels"):
            metrics.train_on_synthetic_test_on_real(X_synthetic=X, X_real=X, **labels)


def test_two_levels_of_columns_are_channel_and_time():
    X = series(20, 3, 10)
    columns = pd.MultiIndex.from_product([["a", "b", "c"], range(10)])
    frame = pd.DataFrame(X.reshape(20, 30), columns=columns)
    assert metrics.dtw(frame, frame + 1) == metrics.dtw(X, X + 1)
    with pytest.raises(ValueError, match="must be alike"):
        metrics.dtw(frame, X.reshape(20, 30))


def test_user_metric_receives_arrays_in_the_given_axes():
    seen = []

    def remember(real, synthetic):
        seen.append((np.shape(real), np.shape(synthetic)))
        return 1.0

    metrics.score_with_reference(remember, series(8, 5), series(6, 5), series(7, 5))
    assert seen == [((8, 5), (n, 5)) for n in (6, 7, 6, 6)]


def test_n_neighbors_below_one_raises():
    for metric in (metrics.density, metrics.coverage):
        with pytest.raises(ValueError, match="n_neighbors=0 was given"):
            metric(series(20, 3), series(20, 3), n_neighbors=0)
