"""Samplers in pipelines, searches, cross-validation, joblib and caches."""

import numpy as np
import pytest
from imblearn.pipeline import Pipeline, make_pipeline
from joblib import Parallel, delayed
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score

from ganbats_sampler import GANBATSSampler
from ganbats_sampler.adversarial import AdversarialNet

pytestmark = pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")


@pytest.fixture
def count_trainings(monkeypatch):
    trainings = []
    fit = AdversarialNet.fit

    def counted(self, *args, **kwargs):
        trainings.append(self)
        return fit(self, *args, **kwargs)

    monkeypatch.setattr(AdversarialNet, "fit", counted)
    return trainings


def test_a_pipeline_resamples_in_fit_and_not_in_predict(quick, waves, count_trainings):
    X, y = waves
    pipeline = make_pipeline(GANBATSSampler(**quick), LogisticRegression())
    assert pipeline.fit(X, y).predict(X).shape == (60,)
    assert len(count_trainings) == 1


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_cross_val_score(quick, waves, n_jobs):
    pipeline = make_pipeline(GANBATSSampler(**quick), LogisticRegression())
    scores = cross_val_score(pipeline, *waves, cv=3, n_jobs=n_jobs)
    assert np.isfinite(scores).all()


def test_a_grid_search_over_the_sampler(quick, waves):
    pipeline = Pipeline([("resample", GANBATSSampler(**quick)), ("clf", LogisticRegression())])
    grid = {"resample__bilstm": [True, False], "resample__attention": [True, False]}
    search = GridSearchCV(pipeline, grid, cv=2, error_score="raise").fit(*waves)
    assert len(search.cv_results_["params"]) == 4


def test_a_search_over_the_classifier_trains_once_per_fold(quick, waves, count_trainings, tmp_path):
    pipeline = Pipeline(
        [("resample", GANBATSSampler(**quick)), ("clf", LogisticRegression())],
        memory=str(tmp_path),
    )
    GridSearchCV(pipeline, {"clf__C": [0.1, 1, 10]}, cv=2, refit=False).fit(*waves)
    assert len(count_trainings) == 2


def test_joblib_gives_the_same_rows_as_a_loop(quick, waves):
    samplers = [GANBATSSampler(**{**quick, "random_state": seed}) for seed in range(2)]
    expected = [sampler.fit_resample(*waves)[0] for sampler in samplers]
    for prefer in ("processes", "threads"):
        results = Parallel(n_jobs=2, prefer=prefer)(
            delayed(sampler.fit_resample)(*waves) for sampler in samplers
        )
        for (X_resampled, _), rows in zip(results, expected, strict=True):
            np.testing.assert_array_equal(X_resampled, rows)
