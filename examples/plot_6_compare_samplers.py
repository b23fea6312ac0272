"""
6. Compare samplers on one data set
===================================

:func:`~ganbats_sampler.samplers.get_sampler` makes every sampler by its name. All of them work in
the same pipeline.
"""

# %%
# A classifier learns to tell winter days from summer days. Half of the data is for training, with
# only 25 winter days. ``split`` makes another split for each seed.
import time

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from aeon.datasets import load_classification
from imblearn.datasets import make_imbalance
from imblearn.pipeline import Pipeline
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import average_precision_score, balanced_accuracy_score
from sklearn.model_selection import train_test_split

from ganbats_sampler.samplers import get_sampler

X, y = load_classification("ItalyPowerDemand")
X, y = X[:, 0], y == "1"  # one channel; True in winter


def split(seed):
    X_train, X_test, y_train, y_test = train_test_split(
        X, y, test_size=0.5, stratify=y, random_state=seed
    )
    kept = make_imbalance(X_train, y_train, sampling_strategy={True: 25}, random_state=seed)
    return *kept, X_test, y_test


# %%
# Two methods generate nothing: no resampling and class weights. To compare more samplers, add names
# from ``get_sampler_names()``.
NAMES = ["jitter", "window_warp", "smote", "adasyn", "cluster_adasyn", "arc", "herded"]
NAMES += ["ganbats", "flow_matching"]


def score(name, seed):
    X_train, y_train, X_test, y_test = split(seed)
    weights = "balanced" if name == "class weights" else None
    steps = [("clf", RandomForestClassifier(200, class_weight=weights, random_state=seed))]
    if name in NAMES:
        steps.insert(0, ("resample", get_sampler(name, random_state=seed)))
    start = time.perf_counter()
    pipeline = Pipeline(steps).fit(X_train, y_train)
    return {
        "method": name,
        "balanced accuracy": balanced_accuracy_score(y_test, pipeline.predict(X_test)),
        "average precision": average_precision_score(y_test, pipeline.predict_proba(X_test)[:, 1]),
        "seconds": time.perf_counter() - start,
    }


methods = ["no resampling", "class weights", *NAMES]
rows = pd.DataFrame([score(name, seed) for name in methods for seed in range(3)])

# %%
# Three splits of one data set do not establish a ranking. :ref:`fifteen_tasks` has more tasks.
means = rows.groupby("method").mean().sort_values("balanced accuracy", ascending=False)
means.round(3)

# %%
# The pictures show eight series of each sampler, and eight real ones.
X_train, y_train, _, _ = split(0)
panels = {"real": X_train[y_train][:8]}
for name in NAMES:
    sampler = get_sampler(name, random_state=0)
    sampler.fit_resample(X_train, y_train)
    panels[name] = sampler.generate(8, np.True_)
_, axes = plt.subplots(2, 5, sharex=True, sharey=True, figsize=(10, 4), layout="constrained")
for ax, (name, series) in zip(axes.flat, panels.items(), strict=True):
    ax.plot(series.T, color="#0072b2" if name == "real" else "#d55e00", alpha=0.6, linewidth=1)
    ax.set_title(name, fontsize=9)
for ax in axes[-1]:
    ax.set_xlabel("hour")
plt.show()
