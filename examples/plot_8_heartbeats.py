"""
8. Find ventricular beats of unseen patients
============================================

One in 14 heartbeats of the MIT-BIH Arrhythmia Database is a ventricular ectopic beat (V). A
classifier learns from 100 of them and 2,000 normal ones, and is tested on *other patients*. Beats
of one patient resemble each other. So a split that ignores patients measures how well the
classifier remembers them.

The example downloads the recordings, or reads a folder of the published files::

    GANBATS_SAMPLER_MITBIH=mitdb python examples/plot_8_heartbeats.py
"""

# %%
# A series has 128 samples at 180 Hz, which is .7 s around an R peak. The beats are of classes N and
# V, from 22 patients.
import os

import numpy as np

from ganbats_sampler.datasets import fetch_mitbih, load_mitbih

folder = os.environ.get("GANBATS_SAMPLER_MITBIH")
options = {"records": "DS1", "window": 128, "sampling_rate": 180}
beats = load_mitbih(folder, **options) if folder else fetch_mitbih(**options)
kept = np.isin(beats.target, ["N", "V"])
X, y, patient = beats.data[kept, 0], beats.target[kept], beats.groups[kept]
print({label: int((y == label).sum()) for label in "NV"}, "beats of", len(set(patient)), "patients")

# %%
# There are five folds by patient, repeated three times. Each training set has 2,000 normal and 100
# ventricular beats, sampled from the training patients. The test set has all beats of the other
# patients.
from sklearn.model_selection import StratifiedGroupKFold


def draw(train, rng):
    """Draw the beats to train on."""
    sizes = {"N": 2000, "V": 100}
    return np.concatenate(
        [rng.choice(train[y[train] == label], n, replace=False) for label, n in sizes.items()]
    )


folds = [
    split
    for repeat in range(3)
    for split in StratifiedGroupKFold(5, shuffle=True, random_state=repeat).split(X, y, patient)
]

# %%
# Only the training side is resampled, because each sampler is a step of a pipeline. The threshold
# is tuned on training patients that the forest has not seen.
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import Pipeline
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import TunedThresholdClassifierCV

from ganbats_sampler.samplers import get_sampler

# You can add any of get_sampler_names(). The picture below shows the last method.
SAMPLERS = ["SMOTE", "window_warp", "time_warp", "herded", "ganbats"]
METHODS = ["no resampling", "class weights", "tuned threshold", *SAMPLERS]


def model(method, few, seed):
    """Make the forest with one of the methods, to be fitted on some beats."""
    forest = RandomForestClassifier(300, n_jobs=-1, random_state=seed)
    if method == "class weights":
        forest.set_params(class_weight="balanced")
    if method == "tuned threshold":
        by_patient = StratifiedGroupKFold(3).split(X[few], y[few], patient[few])
        return TunedThresholdClassifierCV(forest, cv=list(by_patient))
    if method not in SAMPLERS:
        return forest
    sampler = SMOTE() if method == "SMOTE" else get_sampler(method)
    return Pipeline([("resample", sampler.set_params(random_state=seed)), ("clf", forest)])


# %%
# The runs take a quarter of an hour.
import pandas as pd
from sklearn.metrics import average_precision_score, balanced_accuracy_score, f1_score

SCORES = ["balanced accuracy", "F1", "average precision"]
rows = []
for fold, (train, test) in enumerate(folds):
    rng = np.random.default_rng(fold)
    few = draw(train, rng)
    for method in METHODS:
        fitted = model(method, few, seed=fold).fit(X[few], y[few])
        predicted = fitted.predict(X[test])
        probability = fitted.predict_proba(X[test])[:, 1]
        scores = (
            balanced_accuracy_score(y[test], predicted),
            f1_score(y[test], predicted, pos_label="V"),
            average_precision_score(y[test], probability, pos_label="V"),
        )
        rows.append([method, fold, *scores])
runs = pd.DataFrame(rows, columns=["method", "fold", *SCORES]).set_index(["method", "fold"])
by_method = runs.groupby("method", sort=False)
print(by_method.agg(["mean", "std"]).round(3).to_string())

# %%
# The next output has the mean gain over no resampling, and the number of folds with a gain. Folds
# share most of their patients, so they are not independent.
gains = (runs - runs.loc["no resampling"]).groupby("method", sort=False)
print(gains.mean().round(3).to_string())
print(gains.agg(lambda gain: (gain > 0).sum()).to_string())

# %%
# The last output shows real and synthetic ventricular beats of the last fold, the losses, and PRD
# and DTW beside their references. For the references we use further beats of the training patients.
import matplotlib.pyplot as plt

from ganbats_sampler.metrics import dtw, prd, score_with_reference
from ganbats_sampler.plotting import plot_diversity, plot_losses, plot_real_beside_synthetic

sampler = fitted.named_steps["resample"]
real = X[few][y[few] == "V"]
others = np.setdiff1d(train[y[train] == "V"], few)
held_out = X[rng.choice(others, 200, replace=False)]
generated = sampler.generate(200, "V")

figure, axes = plt.subplots(2, 2, figsize=(9, 6), layout="constrained")
plot_real_beside_synthetic(real, generated, sampling_rate=180, unit="mV", axes=axes[0])
plot_losses(sampler.history_["V"], ax=axes[1, 0])
plot_diversity(sampler.history_["V"], ax=axes[1, 1])

for metric in (prd, dtw):
    for pairing in ("random", "nearest"):
        score = score_with_reference(metric, real, generated, held_out, pairing=pairing)
        print(
            f"{metric.__name__}, {pairing:<8} {score.value:7.2f}  ratio {score.ratio:.2f}  "
            f"reference {score.reference:7.2f}  class mean {score.class_mean:7.2f}  "
            f"copies {score.copies:7.2f}"
        )

plt.show()
