"""The candidates, the folds and the strategy of a search over resampling."""

import numpy as np
import pytest
from imblearn.over_sampling import SMOTE
from sklearn.ensemble import VotingClassifier
from sklearn.feature_selection import SelectFromModel
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ganbats_sampler import RandomTransformSampler
from ganbats_sampler.model_selection import UpTo, resampling_search
from tests.conftest import needs_stratified_groups


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(132, 12)), np.repeat([False, True], [120, 12])
    X[y] += 1.2
    return X, y


class TestUpTo:
    @pytest.mark.parametrize(
        ("share", "counts"),
        [(1, [40, 40, 40]), (0.5, [40, 25, 20]), (0.1, [40, 25, 5]), (0.63, [40, 26, 26])],
    )
    def test_over_samples_smaller_classes_up_to_a_share_of_the_largest(self, share, counts):
        y = np.repeat([0, 1, 2], [40, 25, 5])
        X = np.random.default_rng(0).normal(size=(70, 12))
        _, y_resampled = RandomTransformSampler(sampling_strategy=UpTo(share)).fit_resample(X, y)
        assert np.bincount(y_resampled).tolist() == counts

    def test_a_whole_number_of_series_is_not_rounded_up(self):
        assert UpTo(0.07)([0] * 100 + [1]) == {0: 100, 1: 7}  # .07 * 100 is a little above 7

    @pytest.mark.parametrize("share", [0, -0.5, 1.5, float("nan")])
    def test_a_share_outside_zero_to_one_raises_an_error(self, share):
        with pytest.raises(ValueError, match="share"):
            UpTo(share)


class TestSearch:
    def test_the_candidates_of_a_search(self, data):
        smote = SMOTE(k_neighbors=2)
        classifier = make_pipeline(StandardScaler(), LogisticRegression())
        search = resampling_search(classifier, ["arc", smote], shares=[0.3, 1]).fit(*data)
        tried = search.cv_results_["params"]
        assert len(tried) == 2 + 2 * 2
        weights = [p["classify__logisticregression__class_weight"] for p in tried]
        assert weights == [None, "balanced", None, None, None, None]
        assert [p["resample"] for p in tried[:2]] == ["passthrough"] * 2
        assert [p["resample__sampling_strategy"].share for p in tried[2:]] == [0.3, 1] * 2
        assert search.best_params_ in tried
        assert search.predict_proba(data[0]).shape == (132, 2)

    def test_a_classifier_without_class_weights_has_no_such_candidate(self, data):
        search = resampling_search(KNeighborsClassifier(1), shares=[1]).fit(*data)
        assert len(search.cv_results_["params"]) == 2

    def test_class_weights_of_the_classifier_are_replaced(self, data):
        search = resampling_search(LogisticRegression(class_weight={0: 1, 1: 9}), []).fit(*data)
        tried = [p["classify__class_weight"] for p in search.cv_results_["params"]]
        assert tried == [None, "balanced"]

    @pytest.mark.parametrize(
        ("classifier", "names"),
        [
            (
                make_pipeline(SelectFromModel(LogisticRegression()), LogisticRegression()),
                {"classify__logisticregression__class_weight"},
            ),
            (
                VotingClassifier([(name, LogisticRegression()) for name in "ab"]),
                {"classify__a__class_weight", "classify__b__class_weight"},
            ),
        ],
    )
    def test_weights_are_set_on_the_last_step_or_on_all_its_parts(self, data, classifier, names):
        weighed = resampling_search(classifier, []).fit(*data).cv_results_["params"][1]
        assert set(weighed) == {"resample", *names}
        assert {weighed[name] for name in names} == {"balanced"}

    def test_folds_without_a_class_raise_an_error(self, data):
        X, y = data
        with pytest.raises(ValueError, match="classes have {False: 120, True: 2} series"):
            resampling_search(LogisticRegression()).fit(X[:122], y[:122])
        groups = np.where(y, 0, np.arange(132))
        with pytest.raises(
            ValueError, match="classes have {False: 120, True: 1} groups. Pass.*fewer"
        ):
            resampling_search(LogisticRegression()).fit(X, y, groups=groups)

    @pytest.mark.parametrize("one", ["herded", SMOTE()])
    def test_a_single_sampler_or_share_needs_no_list(self, one):
        for share in (0.5, 1):
            search = resampling_search(LogisticRegression(), one, shares=share)
            assert [len(part["resample"]) for part in search.param_grid] == [1, 1, 1]

    def test_without_samplers_the_candidates_are_no_resampling_and_weights(self, data):
        search = resampling_search(LogisticRegression(), []).fit(*data)
        assert len(search.cv_results_["params"]) == 2

    def test_scores_are_from_real_series_only(self, data):
        X, y = data
        seen = []

        class Recording(KNeighborsClassifier):
            def predict(self, rows):
                seen.append(len(rows))
                return super().predict(rows)

        resampling_search(Recording(1), ["arc"], shares=[1]).fit(X, y)
        assert sum(seen) == 2 * 132  # each real series once for each candidate, and no other

    @needs_stratified_groups
    def test_no_group_is_on_both_sides(self, data):
        y = data[1]
        X, groups = np.random.default_rng(1).normal(size=(132, 12)), np.arange(132)
        copies = np.concatenate([X, X])
        # the nearest neighbour finds copies of a series unless they are kept apart
        search = resampling_search(KNeighborsClassifier(1), [], scoring="balanced_accuracy")
        together = search.fit(copies, np.tile(y, 2)).best_score_
        apart = search.fit(copies, np.tile(y, 2), groups=np.tile(groups, 2)).best_score_
        assert together > apart + 0.1

    def test_the_seed_determines_the_scores(self, data):
        results = [
            resampling_search(LogisticRegression(), shares=[0.5], random_state=3).fit(*data)
            for _ in range(2)
        ]
        first, second = (result.cv_results_["mean_test_score"] for result in results)
        np.testing.assert_array_equal(first, second)

    def test_errors_of_a_sampler_are_raised(self, data):
        with pytest.raises(ValueError, match="Expected n_neighbors"):
            resampling_search(LogisticRegression(), [SMOTE(k_neighbors=100)]).fit(*data)
