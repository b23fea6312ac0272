"""
How do I search over samplers without training a GAN each time?
===============================================================

With ``Pipeline(memory=...)`` what a sampler returned is kept on disk. A search over the
classifier's parameters, or a second search, then trains no GAN that has been trained on the same
data before.
"""

# %%
# Italian power demand, as in the other examples: all but 50 winter days are left out.
import tempfile
from pathlib import Path

import pandas as pd
from aeon.datasets import load_classification
from imblearn.datasets import make_imbalance
from imblearn.pipeline import Pipeline
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV, StratifiedKFold

from ganbats_sampler import GANBATSSampler
from ganbats_sampler.samplers import get_sampler

X, y = load_classification("ItalyPowerDemand")
X, y = make_imbalance(X[:, 0], y, sampling_strategy={"1": 50, "2": 250}, random_state=0)

cache = tempfile.mkdtemp()
pipeline = Pipeline(
    [("resample", None), ("clf", RandomForestClassifier(random_state=0))], memory=cache
)
folds = StratifiedKFold(2, shuffle=True, random_state=0)


def trainings():
    """Count the times a sampler was run: each left what it returned in the cache."""
    return len(list(Path(cache).rglob("output.pkl")))


# %%
# Samplers are a parameter of the pipeline like any other, and so is none at all. The random
# state must be an int: a sampler that gives other rows each time cannot be taken from a cache.
search = GridSearchCV(
    pipeline,
    {
        "resample": [
            None,
            get_sampler("smote", random_state=0),
            get_sampler("window_warp", random_state=0),
            GANBATSSampler(random_state=0),
            GANBATSSampler(sampling_strategy=0.5, random_state=0),
        ],
        "clf__max_features": ["sqrt", 0.5, None],
        "clf__min_samples_leaf": [1, 5],
    },
    scoring="balanced_accuracy",
    cv=folds,
    refit=False,
    error_score="raise",
).fit(X, y)
fits = len(search.cv_results_["params"]) * folds.get_n_splits()
print(f"{fits} fits of the pipeline, {trainings()} runs of a sampler")

# %%
# The best of each sampler. It is chosen on the folds it is scored on, so the score is a little too
# good; a last word needs data that the search has not seen.
results = pd.DataFrame(search.cv_results_)
results["sampler"] = [str(sampler) for sampler in results["param_resample"]]
results.groupby("sampler")["mean_test_score"].max().sort_values(ascending=False).round(3)

# %%
# Searched once more, over other parameters of the classifier, no sampler runs at all.
before = trainings()
GridSearchCV(
    pipeline,
    {"resample": search.param_grid["resample"], "clf__n_estimators": [50, 200]},
    cv=folds,
    refit=False,
).fit(X, y)
print(f"{trainings() - before} runs of a sampler")

# %%
# The paper's ablation is such a search too: with and without the Bi-LSTM, with and without
# attention (its tables 2 and 3).
ablation = GridSearchCV(
    pipeline.set_params(resample=GANBATSSampler(random_state=0)),
    {"resample__bilstm": [True, False], "resample__attention": [True, False]},
    scoring="balanced_accuracy",
    cv=folds,
    refit=False,
    error_score="raise",
).fit(X, y)
pd.DataFrame(ablation.cv_results_)[
    ["param_resample__bilstm", "param_resample__attention", "mean_test_score", "std_test_score"]
]
