"""
Did it help?
============

A sampler has to beat what costs nothing: the same classifier as it is, with class weights, with
another threshold. And it has to be asked on series that nothing was generated from. This example
shows how figures come about that promise more than that, on three tasks that come with
aeon. :ref:`should_i_oversample` has the figures of the standing benchmark.
"""

# %%
# A task is a rare class against the rest. For each seed the series are split (by patient, battery
# or bearing, where that is known), and a few of the rare class, with up to ten times as many
# others, are drawn to train on.
from ganbats_sampler.benchmark import compare_samplers, judge, load_tasks

tasks = load_tasks(["ArrowHead, 0", "GunPoint, 2", "ItalyPowerDemand, 1"])
for task in tasks:
    y = task.split(seed=0).y_train
    print(f"{task.name:<24}{y.sum():>4} rare and {(~y).sum()} other series to train on")

# %%
# Over-sampling before the split
# ------------------------------
#
# Copies of a series, or what was made of it, lie on both sides of a split that comes after
# over-sampling. A classifier that learned its training series by heart is then brilliant, and no
# better than before on series it has not seen.
import pandas as pd

italy = [task for task in tasks if task.name.startswith("Italy")]
leak = pd.concat(
    compare_samplers(
        italy,
        ["random_over_sampler", "smote"],
        ["forest"],
        range(3),
        protocol=protocol,
        verbose=False,
    )
    for protocol in ("before-split", "honest")
)
shown = ["none", "random_over_sampler", "smote"]
f1 = leak.pivot_table(index="method", columns="protocol", values="f1").loc[shown]
print(f1.round(3))

# %%
# The classifier is the same, and so is the sampler: what differs is the question.

# %%
# Thresholds, weights and samplers
# --------------------------------
#
# Balanced accuracy and F1 are scores of decisions, average precision and ROC AUC of the order that
# a classifier puts series in. To learn from few rare series moves the threshold as well as the
# order; the threshold can be moved back for nothing.
runs = compare_samplers(
    tasks,
    ["random_over_sampler", "smote", "window_warp"],
    ["ridge", "forest"],
    range(3),
    verbose=False,
)
mean = runs.pivot_table(
    index=["classifier", "method"], values=["balanced_accuracy", "f1", "average_precision"]
)
print(mean.round(3))

# %%
# A tuned threshold leaves the average precision as it is, for it does not change the order. What a
# sampler adds in balanced accuracy beyond that is what it is worth, and what it adds in average
# precision is what no threshold could have done.

# %%
# A word for each method
# ----------------------
#
# Means over three tasks say little: :func:`~ganbats_sampler.benchmark.judge` puts a test beside
# each. With fewer than six tasks, as here, it refuses to.
verdict = judge(runs, scores=["balanced_accuracy", "average_precision"])
print(verdict)

# %%
# Each task by itself: what a method adds to doing nothing.
import matplotlib.pyplot as plt

verdict.plot("balanced_accuracy", "forest")
plt.show()

# %%
# How many
# --------
#
# As many series as make the classes equal, or only as many as there are real ones.
for amount in ("double", "balance"):
    some = compare_samplers(
        tasks, ["window_warp"], ["ridge", "forest"], range(3), amount=amount, verbose=False
    )
    warped = some[some["method"] == "window_warp"]
    scores = warped.groupby("classifier")[["balanced_accuracy", "average_precision"]].mean()
    print(f"\nwindow warping, {amount}\n{scores.round(3)}")

# %%
# With ``results="runs.csv"`` every run is kept, and what was killed goes on where it stopped;
# ``n_jobs`` runs several at a time, on a Dask cluster too. The same from the command line::
#
#     python -m ganbats_sampler benchmark --tasks "GunPoint, 2" "ItalyPowerDemand, 1" --jobs 2
