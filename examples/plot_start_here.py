"""
What should I start with?
=========================

With :class:`~ganbats_sampler.HerdedSampler`: it trains nothing and takes less than a second. This
example looks at what it makes and at what it chooses, and then lets cross-validation say whether to
over-sample at all, and how much. :ref:`should_i_oversample` has the figures of the standing
benchmark.
"""

# %%
# Italian power demand comes with aeon: days, by the hour. Here 25 winter days are to be told from
# 250 summer days.
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from aeon.datasets import load_classification
from imblearn.datasets import make_imbalance
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import train_test_split

from ganbats_sampler import HerdedSampler, RecombinationSampler
from ganbats_sampler.model_selection import resampling_search
from ganbats_sampler.plotting import plot_selection

X, y = load_classification("ItalyPowerDemand")
y = np.where(y == "1", "winter", "summer")
X_train, X_test, y_train, y_test = train_test_split(
    X[:, 0], y, test_size=0.5, stratify=y, random_state=0
)
X_train, y_train = make_imbalance(
    X_train, y_train, sampling_strategy={"winter": 25, "summer": 250}, random_state=0
)

# %%
# What it makes
# -------------
#
# SMOTE draws points on the line between two neighbours: averages, smoother than either. Here, in
# three ways, real series are recombined so that what varies keeps its variance: points on an *arc*
# through two neighbours, which go beyond them as often as between; the same, *warped* in time; and
# *deformations*, which add to a winter day what tells two neighbouring summer days apart.
ways = {
    "arc": RecombinationSampler(transforms=None, random_state=0),
    "warped arc": RecombinationSampler(random_state=0),
    "deformation": RecombinationSampler(method="deformation", random_state=0),
}
days = {"real": X_train[y_train == "winter"]}
for name, way in ways.items():
    way.fit_resample(X_train, y_train)
    days[name] = way.generate(25, "winter")
_, axes = plt.subplots(1, 4, figsize=(10, 2.6), sharex=True, sharey=True, layout="constrained")
for ax, (title, series), colour in zip(axes, days.items(), ["k", "C0", "C1", "C2"], strict=True):
    ax.plot(series.T, color=colour, alpha=0.4, linewidth=1)
    ax.set_title(title)
    ax.set_xlabel("hour")
axes[0].set_ylabel("demand (standardised)")
plt.show()

# %%
# What it chooses
# ---------------
#
# Of three times as many candidates as are wanted it chooses one after another, so that mean and
# covariance of the chosen come nearest to those of the real ones, among principal components of
# random convolutions. On the left the first two of these.
sampler = HerdedSampler(random_state=0)
X_resampled, y_resampled = sampler.fit_resample(X_train, y_train)
plot_selection(sampler.selection(50, "winter"))
plt.show()

# %%
# And of the series that it returned:
pd.Series(sampler.chosen_from_["winter"]).value_counts()

# %%
# Any samplers can make the candidates: ``HerdedSampler(["arc", "smote", GANBATSSampler()])``.

# %%
# How much, if at all?
# --------------------
#
# Doing nothing, class weights, and three amounts of over-sampling, by cross-validation within the
# training series. Where a patient or a machine has several series, ``fit(X, y, groups=...)`` keeps
# them on one side.
search = resampling_search(RandomForestClassifier(random_state=0), n_jobs=2).fit(X_train, y_train)
tried = pd.DataFrame(search.cv_results_)[["params", "mean_test_score", "std_test_score"]]
for row in tried.itertuples():
    print(f"{row.mean_test_score:.3f} +- {row.std_test_score:.3f}  {row.params}")

# %%
# It is fitted on what it chose. How good that is, series tell that it has not seen.
plain = RandomForestClassifier(random_state=0).fit(X_train, y_train)
for name, fitted in (("as it is", plain), ("after the search", search)):
    print(f"{name:<17} {balanced_accuracy_score(y_test, fitted.predict(X_test)):.3f}")
