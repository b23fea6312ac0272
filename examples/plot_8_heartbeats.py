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
# Each method is a pipeline, so only the training side is resampled.
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import Pipeline
from sklearn.ensemble import RandomForestClassifier

from ganbats_sampler.samplers import get_sampler

# You can add any of get_sampler_names(). The picture below shows the last method.
METHODS = ["no resampling", "class weights", "SMOTE", "window_warp", "time_warp", "ganbats"]


def pipeline(method, seed):
    forest = RandomForestClassifier(300, n_jobs=-1, random_state=seed)
    if method == "no resampling":
        return Pipeline([("clf", forest)])
    if method == "class weights":
        return Pipeline([("clf", forest.set_params(class_weight="balanced"))])
    sampler = SMOTE() if method == "SMOTE" else get_sampler(method)
    return Pipeline([("resample", sampler.set_params(random_state=seed)), ("clf", forest)])


# %%
# There are five folds by patient, repeated three times. Each training set has 2,000 normal and 100
# ventricular beats, sampled from the training patients. The test set has all beats of the other
# patients. This takes a quarter of an hour.
from sklearn.metrics import average_precision_score, balanced_accuracy_score, f1_score
from sklearn.model_selection import StratifiedGroupKFold

scores = {method: [] for method in METHODS}
folds = [
    split
    for repeat in range(3)
    for split in StratifiedGroupKFold(5, shuffle=True, random_state=repeat).split(X, y, patient)
]
for fold, (train, test) in enumerate(folds):
    rng = np.random.default_rng(fold)
    few = np.concatenate(
        [
            rng.choice(train[y[train] == label], n, replace=False)
            for label, n in zip("NV", (2000, 100), strict=True)
        ]
    )
    for method in METHODS:
        fitted = pipeline(method, seed=fold).fit(X[few], y[few])
        probability = fitted.predict_proba(X[test])[:, 1]
        predicted = np.where(probability > 0.5, "V", "N")
        scores[method].append(
            [
                balanced_accuracy_score(y[test], predicted),
                f1_score(y[test], predicted, pos_label="V"),
                average_precision_score(y[test], probability, pos_label="V"),
            ]
        )

print(f"{'mean and standard deviation':<28}{'balanced acc.':>16}{'F1':>16}{'average prec.':>16}")
for method, rows in scores.items():
    mean, spread = np.mean(rows, axis=0), np.std(rows, axis=0, ddof=1)
    cells = "".join(
        f"{m:>10.3f} ± {s:.3f}"[:18].rjust(16) for m, s in zip(mean, spread, strict=True)
    )
    print(f"{method:<28}{cells}")

# %%
# The next output has the mean gain over no resampling. Folds share most of their patients, so they
# are not independent.
for method in METHODS[1:]:
    difference = np.subtract(scores[method], scores["no resampling"])
    print(
        f"{method:<16}",
        np.array2string(difference.mean(axis=0), precision=3),
        "better in",
        (difference > 0).sum(axis=0),
        f"of {len(folds)} folds",
    )

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
