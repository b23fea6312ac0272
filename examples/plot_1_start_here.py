"""
1. Start here: over-sample a class of days
==========================================

:class:`~ganbats_sampler.HerdedSampler` recombines real series and keeps the recombinations that
together match the class. It trains nothing and takes less than a second.
"""

# %%
# The data
# --------
#
# aeon contains the data set of Italian power demand. A series is a day of 24 hours. We keep 25
# winter days and 250 summer days for training.
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
# Over-sample
# -----------
#
# After over-sampling, both classes have 250 series. ``chosen_from_`` names the recombination that
# made each synthetic series.
sampler = HerdedSampler(random_state=0)
X_resampled, y_resampled = sampler.fit_resample(X_train, y_train)
print(pd.Series(y_resampled).value_counts().to_dict())
print(pd.Series(sampler.chosen_from_["winter"]).value_counts().to_dict())

# %%
# Does it help?
# -------------
#
# Cross-validation on the training days compares no resampling, class weights, and three amounts of
# synthetic series. If your series come from patients or machines, pass ``groups`` to ``fit``.
search = resampling_search(RandomForestClassifier(random_state=0)).fit(X_train, y_train)
for row in pd.DataFrame(search.cv_results_).itertuples():
    print(f"{row.mean_test_score:.3f} +- {row.std_test_score:.3f}  {row.params}")

# %%
# The score on the test days, which the search has not seen:
plain = RandomForestClassifier(random_state=0).fit(X_train, y_train)
for name, fitted in (("no resampling", plain), ("chosen", search)):
    print(f"{name:<14} {balanced_accuracy_score(y_test, fitted.predict(X_test)):.3f}")

# %%
# How does it work?
# -----------------
#
# The sampler makes three times as many candidates as it needs. It chooses one after another, so
# that the mean and the covariance of the chosen candidates match those of the real series. The left
# panel shows the first two principal components by which it compares them.
plot_selection(sampler.selection(50, "winter"))
plt.show()

# %%
# Three recombinations make the candidates: points on an arc through two neighbours, the same warped
# in time, and deformations. A deformation adds a share of the difference between two similar summer
# days to a winter day.
recombinations = {
    "arc": RecombinationSampler(transforms=None, random_state=0),
    "warped arc": RecombinationSampler(random_state=0),
    "deformation": RecombinationSampler(method="deformation", random_state=0),
}
days = {"real": X_train[y_train == "winter"]}
for name, one in recombinations.items():
    one.fit_resample(X_train, y_train)
    days[name] = one.generate(25, "winter")
_, axes = plt.subplots(1, 4, figsize=(10, 2.6), sharex=True, sharey=True, layout="constrained")
for ax, (title, series), colour in zip(axes, days.items(), ["k", "C0", "C1", "C2"], strict=True):
    ax.plot(series.T, color=colour, alpha=0.4, linewidth=1)
    ax.set_title(title)
    ax.set_xlabel("hour")
axes[0].set_ylabel("demand (standardised)")
plt.show()
