"""The choice of candidates, and the features and components that it depends on."""

import numpy as np
import pytest

from ganbats_sampler.herding import ClassComponents, ConvolutionFeatures, herd


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def moments_apart(real, chosen):
    """Return the distance between the means, and between the mean outer products."""
    outer = [side.T @ side / len(side) for side in (real, chosen)]
    return np.linalg.norm(real.mean(0) - chosen.mean(0)), np.linalg.norm(outer[0] - outer[1])


def test_the_first_choice_is_nearest_in_both_moments():
    # real: mean 0, mean square 1, so k = ab + (ab)^2; to minimise k(w,w) - 2 mean k(w,x) is to
    # minimise w^4 - w^2, least at w^2 = 1/2
    real = np.array([[-1.0], [1.0]])
    assert herd(real, np.array([[0.0], [0.4], [0.7], [1.0], [2.0]]), 1).tolist() == [2]


def test_chosen_candidates_match_the_moments_of_real_series(rng):
    mixing = rng.normal(size=(5, 5))
    real = rng.normal(size=(60, 5)) @ mixing + 2
    wide = np.concatenate([2 * rng.normal(size=(300, 5)) @ mixing, rng.normal(size=(300, 5)) + 2])
    chosen = moments_apart(real, wide[herd(real, wide, 100)])
    for _ in range(20):
        at_random = moments_apart(real, wide[rng.choice(600, 100, replace=False)])
        assert chosen[0] < at_random[0] / 3 and chosen[1] < at_random[1] / 3


def test_each_is_chosen_at_most_once(rng):
    real, candidates = rng.normal(size=(10, 3)), rng.normal(size=(40, 3))
    assert sorted(herd(real, candidates, 40)) == list(range(40))
    assert sorted(herd(np.zeros((2, 3)), candidates, 40)) == list(range(40))


def test_too_few_candidates_are_refused():
    with pytest.raises(ValueError, match="n_chosen=5 was given; there are only 4 candidates"):
        herd(np.zeros((2, 3)), np.zeros((4, 3)), 5)


def features_of(*sides, n_kernels=50):
    features = ConvolutionFeatures(n_kernels).fit(np.concatenate(sides))
    return [features.transform(side) for side in sides]


def components_of(series, others, n_kernels=50, **options):
    """Return the components of the series of a class."""
    of_class, of_others = features_of(series, others, n_kernels=n_kernels)
    return ClassComponents(of_class, of_others, **options).transform(of_class)


def test_components_have_the_most_variance(rng):
    both = features_of(rng.normal(size=(5, 2, 30)), rng.normal(size=(7, 2, 30)))
    components = ClassComponents(*both).transform(np.concatenate(both))
    assert components.shape == (12, 11)  # centred on their mean, the five span four
    assert (np.diff(np.square(components).sum(axis=0)) < 0).all()
    assert ClassComponents(*both, n_components=4).transform(both[0]).shape == (5, 4)


@pytest.mark.parametrize("scale", [0.01, 1, 100])
def test_components_are_centred_on_the_class_at_any_scale(scale, rng):
    series, others = (
        scale * rng.normal(size=(20, 1, 50)).cumsum(axis=2),
        rng.normal(size=(90, 1, 50)),
    )
    components = components_of(series, others, n_kernels=100)
    np.testing.assert_allclose(components.mean(axis=0), 0, atol=1e-9)
    assert np.abs(components).max() < 8 * np.sqrt(200)
    spread = components.var(axis=0).sum()
    assert 1 < spread < 250  # 200 features, each with a variance of at most 1


@pytest.mark.parametrize("shape", [(5, 1, 1), (5, 3, 2), (1, 1, 20)])
def test_components_of_short_series_and_of_one(shape, rng):
    series = rng.normal(size=shape)
    components = components_of(series, series + 1)
    assert len(components) == shape[0] and np.isfinite(components).all()


def test_components_of_equal_series_are_zero():
    components = components_of(np.ones((2, 1, 20)), np.ones((3, 1, 20)))
    np.testing.assert_allclose(components, 0, atol=1e-12)


@pytest.mark.parametrize("size", [1e-30, 1e30, 1e300])
def test_components_of_very_small_and_very_large_values(size, rng):
    series, others = size * rng.normal(size=(5, 1, 20)), size * rng.normal(size=(9, 1, 20))
    of_plain = components_of(series / size, others / size)
    np.testing.assert_allclose(np.abs(components_of(series, others)), np.abs(of_plain), atol=1e-3)
