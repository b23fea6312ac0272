"""
Which sampler should I take?
============================

Every sampler of :func:`~ganbats_sampler.samplers.get_sampler`, one after another in the same
pipeline, on the same splits of a real data set: the GANs, the random transforms, and the samplers
of imbalanced-learn and aeon. Beside them stand the two that cost nothing: leaving the data as they
are, and class weights.
"""

# %%
# A day of Italian power demand is a series of 24 hours; the task is to tell October to March from
# April to September. All but 25 of the winter days in the training half are left out; the other
# half is for testing, and nothing is generated from it. Three such splits.
import time
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from aeon.datasets import load_classification
from imblearn.datasets import make_imbalance
from imblearn.pipeline import Pipeline
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import average_precision_score, balanced_accuracy_score, f1_score
from sklearn.model_selection import train_test_split

from ganbats_sampler import GenerationWarning
from ganbats_sampler.samplers import get_sampler, get_sampler_names

X, y = load_classification("ItalyPowerDemand")
X = X[:, 0]  # one channel: (n_samples, n_timepoints)
y = np.where(y == "1", "winter", "summer")


def split(seed):
    X_train, X_test, y_train, y_test = train_test_split(
        X, y, test_size=0.5, stratify=y, random_state=seed
    )
    X_train, y_train = make_imbalance(
        X_train, y_train, sampling_strategy={"winter": 25}, random_state=seed
    )
    return X_train, X_test, y_train, y_test


# %%
# A method is a sampler before the same classifier. A sampler that cannot work on these data gets a
# row that says so; a GAN whose training failed has recombined real series instead, and says so too.
def run(name, seed):
    X_train, X_test, y_train, y_test = split(seed)
    weights = "balanced" if name == "class weights" else None
    forest = RandomForestClassifier(300, class_weight=weights, random_state=seed)
    steps = [("clf", forest)]
    if name in get_sampler_names():
        steps.insert(0, ("resample", get_sampler(name, random_state=seed)))
    pipeline = Pipeline(steps)
    start = time.perf_counter()
    row = {"method": name, "seed": seed}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", GenerationWarning)
            pipeline.fit(X_train, y_train)
    except (RuntimeError, ValueError) as error:
        return {**row, "note": str(error).split(".")[0]}, None
    seconds = time.perf_counter() - start
    sampler = pipeline.named_steps.get("resample")
    outcomes = getattr(sampler, "outcomes_", {})
    fell_back = any(outcome.status == "fallback" for outcome in outcomes.values())
    return {
        **row,
        "balanced accuracy": balanced_accuracy_score(y_test, pipeline.predict(X_test)),
        "F1": f1_score(y_test, pipeline.predict(X_test), pos_label="winter"),
        "average precision": average_precision_score(
            y_test, pipeline.predict_proba(X_test)[:, 1], pos_label="winter"
        ),
        "seconds": seconds,
        "note": "fell back" if fell_back else "",
    }, sampler


rows, samplers = [], {}
for name in ["nothing", "class weights", *get_sampler_names()]:
    for seed in range(3):
        row, sampler = run(name, seed)
        rows.append(row)
        samplers.setdefault(name, sampler)

# %%
# Mean over the splits and, in brackets, in how many of the three a method did better than nothing.
# Three splits of one data set rank nothing for good; but a sampler that is beaten by a noisy copy,
# or by no sampler at all, has something to explain. A method that failed on a split has no mean.
results = pd.DataFrame(rows).set_index(["method", "seed"])
scores = results[["balanced accuracy", "F1", "average precision"]]
better = scores.gt(scores.loc["nothing"], level="seed").groupby("method", sort=False).sum()
means = scores.groupby("method", sort=False).mean(skipna=False)
means = means.sort_values("balanced accuracy", ascending=False)
table = means.map("{:.3f}".format) + " (" + better.loc[means.index].astype(str) + ")"
table["seconds"] = results["seconds"].groupby("method").median().round(1)
table["note"] = results["note"].groupby("method").agg(lambda notes: "; ".join({*notes} - {""}))
table

# %%
# What they make: eight series of each, of the first split.
real = split(0)[0][split(0)[2] == "winter"]
drawn = {
    name: sampler.generate(8, "winter", random_state=0)
    for name, sampler in samplers.items()
    if sampler is not None
}
n_columns = 4
n_rows = -(-(len(drawn) + 1) // n_columns)
_, axes = plt.subplots(
    n_rows, n_columns, sharex=True, sharey=True, figsize=(9, 1.5 * n_rows), layout="constrained"
)
rng = np.random.default_rng(0)
panels = {"real": real[rng.permutation(len(real))[:8]], **drawn}
for ax in axes.flat[len(panels) :]:
    ax.remove()
for ax, (name, series) in zip(axes.flat, panels.items(), strict=False):
    ax.plot(series.T, color="#0072b2" if name == "real" else "#d55e00", alpha=0.6, linewidth=1)
    ax.set_title(name, fontsize=9)
for ax in axes[-1]:
    ax.set_xlabel("hour")
for ax in axes[:, 0]:
    ax.set_ylabel("demand")
plt.show()
