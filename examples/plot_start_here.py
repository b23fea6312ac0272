"""
What should I start with?
=========================

With :class:`~ganbats_sampler.RecombinationSampler`: it trains nothing and takes a hundredth of a
second. This example looks at what it does, lets cross-validation say whether to over-sample at all
and how much, and ends with :class:`~ganbats_sampler.HerdedSampler`, which chooses among what
several samplers make. :ref:`should_i_oversample` has the figures of the standing benchmark.
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
# What it does
# ------------
#
# SMOTE draws a point on the line between two neighbours: an average of both, smoother than either.
# Here the point lies on an arc through both, about the mean of the neighbourhood, where what varies
# keeps its variance; and it goes beyond them as often as between. Then time is warped, smoothly.
sampler = RecombinationSampler(random_state=0)
sampler.fit_resample(X_train, y_train)
unwarped = RecombinationSampler(transforms=None, random_state=0)
unwarped.fit_resample(X_train, y_train)
made = {
    "real": X_train[y_train == "winter"],
    "on the arc": unwarped.generate(25, "winter"),
    "and warped": sampler.generate(25, "winter"),
}
_, axes = plt.subplots(1, 3, figsize=(9, 2.8), sharex=True, sharey=True, layout="constrained")
for ax, (title, days), colour in zip(axes, made.items(), ["C0", "C1", "C1"], strict=True):
    ax.plot(days.T, color=colour, alpha=0.5, linewidth=1)
    ax.set_title(title)
    ax.set_xlabel("hour")
axes[0].set_ylabel("demand (standardised)")
plt.show()

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

# %%
# Choosing among several
# ----------------------
#
# Any samplers can make candidates. Of three times as many as are wanted the herded sampler chooses
# one after another, so that mean and covariance of the chosen come nearest to those of the real
# ones, among principal components of random convolutions. On the left the first two of these.
herded = HerdedSampler(random_state=0)
herded.fit_resample(X_train, y_train)
plot_selection(herded.selection("winter", 50))
plt.show()

# %%
# And of the series that it returned:
pd.Series(herded.chosen_from_["winter"]).value_counts()
