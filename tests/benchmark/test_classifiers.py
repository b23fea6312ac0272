import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

from ganbats_sampler.benchmark import get_classifier, get_classifier_names
from ganbats_sampler.benchmark.cnn import ConvolutionalClassifier, FullyConvolutionalNetwork
from ganbats_sampler.benchmark.scores import score
from ganbats_sampler.model_selection import class_weight_parameters
from tests.conftest import needs_aeon


def quick_classifier(name, seed=0):
    """Make a classifier; the network trains for few updates."""
    classifier = get_classifier(name, random_state=seed)
    return classifier.set_params(n_updates=40) if name == "cnn" else classifier


def mark(names):
    """Mark the classifiers that need aeon."""
    from_aeon = {"knn_dtw", "minirocket"}
    return [pytest.param(name, marks=[needs_aeon] * (name in from_aeon)) for name in names]


@pytest.mark.parametrize("name", mark(get_classifier_names()))
def test_classifiers_learn_and_estimate_probabilities(bumps, name):
    split = bumps.split(0)
    classifier = clone(get_classifier(name, random_state=0)).fit(split.X_train, split.y_train)
    probability = classifier.predict_proba(split.X_test)
    assert probability.shape == (len(split.y_test), 2)
    assert np.allclose(probability.sum(axis=1), 1) and (probability >= 0).all()
    assert roc_auc_score(split.y_test, probability[:, 1]) > 0.6
    assert classifier.predict(split.X_test).dtype == bool


@pytest.mark.parametrize("name", mark(sorted(set(get_classifier_names()) - {"knn", "knn_dtw"})))
def test_class_weights_raise_the_probability_of_the_minority_class(bumps, name):
    split = bumps.split(0)
    found = [
        quick_classifier(name)
        .set_params(**dict.fromkeys(class_weight_parameters(get_classifier(name)), weight))
        .fit(split.X_train, split.y_train)
        .predict_proba(split.X_test)[:, 1]
        .mean()
        for weight in (None, "balanced")
    ]
    assert found[0] != found[1]
    if name != "forest":  # its full-grown trees change, but not towards the minority class
        assert found[1] > found[0]


@pytest.mark.parametrize("name", ["ridge", "forest", "cnn"])
def test_the_seed_determines_the_result(bumps, name):
    split = bumps.split(0)
    states = torch.random.get_rng_state(), torch.get_num_threads()
    answers = [
        quick_classifier(name, seed).fit(split.X_train, split.y_train).predict_proba(split.X_test)
        for seed in (0, 0, 1)
    ]
    assert np.array_equal(answers[0], answers[1])
    assert not np.array_equal(answers[0], answers[2])
    assert torch.equal(states[0], torch.random.get_rng_state())
    assert states[1] == torch.get_num_threads()


def test_an_interrupted_training_raises_keyboard_interrupt(bumps, monkeypatch):
    split = bumps.split(0)
    forward, calls = FullyConvolutionalNetwork.forward, []

    def interrupted(self, series):
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return forward(self, series)

    monkeypatch.setattr(FullyConvolutionalNetwork, "forward", interrupted)
    with pytest.raises(KeyboardInterrupt):
        ConvolutionalClassifier(n_updates=20).fit(split.X_train, split.y_train)
    assert len(calls) == 5


def test_scores_of_rankings_use_values_before_clipping():
    """The probabilities of a ridge classifier are clipped at 0 and 1, but its ranking is not."""
    y = np.array([False, True, True, False])
    probability = np.array([1.0, 1.0, 1.0, 0.0])
    assert score(y, y, probability, probability)["roc_auc"] < 1
    found = score(y, y, np.array([1.1, 1.5, 1.3, -2.0]), probability)
    assert found["roc_auc"] == found["average_precision"] == 1
    assert found["brier"] == pytest.approx(0.25)


def test_an_unknown_name_raises_an_error():
    with pytest.raises(ValueError, match="no classifier 'svm'; choose from"):
        get_classifier("svm")


def test_scores_match_values_computed_by_hand():
    y = np.array([True, True, False, False, False, False])
    predicted = np.array([True, False, True, False, False, False])
    probability = np.array([0.9, 0.4, 0.6, 0.1, 0.1, 0.1])
    found = score(y, predicted, probability, probability)
    assert found["accuracy"] == pytest.approx(4 / 6)
    assert found["balanced_accuracy"] == pytest.approx((1 / 2 + 3 / 4) / 2)
    assert found["f1"] == pytest.approx(0.5)
    assert found["g_mean"] == pytest.approx(np.sqrt(1 / 2 * 3 / 4))
    assert found["average_precision"] == pytest.approx((1 + 2 / 3) / 2)
    assert found["roc_auc"] == pytest.approx(7 / 8)
    assert found["brier"] == pytest.approx((0.01 + 0.36 + 0.36 + 3 * 0.01) / 6)
    assert np.isnan(score(y, predicted, probability)["brier"])
