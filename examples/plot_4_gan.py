"""
4. Over-sample with a GAN
=========================

:class:`~ganbats_sampler.GANBATSSampler` trains a GAN on the minority class when you fit the
pipeline. It does nothing when the pipeline predicts.
"""

# %%
# We split Italian power demand into two halves. The training half keeps 25 winter days and all
# summer days.
import matplotlib.pyplot as plt
from aeon.datasets import load_classification
from imblearn.datasets import make_imbalance
from imblearn.pipeline import Pipeline
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import train_test_split

from ganbats_sampler import GANBATSSampler
from ganbats_sampler.metrics import dtw, prd, score_with_reference
from ganbats_sampler.plotting import plot_diversity, plot_losses, plot_real_beside_synthetic

X, y = load_classification("ItalyPowerDemand")
X = X[:, 0]  # one channel: (n_samples, n_timepoints)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.5, stratify=y, random_state=0)
X_train, y_train = make_imbalance(X_train, y_train, sampling_strategy={"1": 25}, random_state=0)

# %%
# How long will it take? The estimate trains for a few updates on this machine.
GANBATSSampler(random_state=0).estimate_cost(X_train, y_train)

# %%
# We compare the pipeline with and without the sampler. One split proves little
# (:ref:`sphx_glr_auto_examples_plot_2_did_it_help.py`).
for name, steps in {
    "no resampling": [],
    "GANBATS": [("resample", GANBATSSampler(random_state=0))],
}.items():
    pipeline = Pipeline([*steps, ("clf", RandomForestClassifier(300, random_state=0))])
    predicted = pipeline.fit(X_train, y_train).predict(X_test)
    print(f"{name:<14} {balanced_accuracy_score(y_test, predicted):.3f}")

# %%
# Did the training succeed? ``outcomes_`` has the result of the failure checks for each class.
sampler = pipeline["resample"]
sampler.outcomes_

# %%
# PRD and DTW need a reference: the same metric of real series that the sampler has not seen. A
# ratio of 1 to this reference is ideal, and 0 is a copy.
real, generated = X_train[y_train == "1"], sampler.generate(25, "1")
held_out = X_test[y_test == "1"]
for metric in (prd, dtw):
    score = score_with_reference(metric, real, generated, held_out, pairing="nearest")
    print(f"{metric.__name__}, nearest: ratio to the reference {score.ratio:.2f}")

# %%
# The pictures show real and synthetic days, the losses, and the diversity ratio during training.
figure, axes = plt.subplots(2, 2, figsize=(9, 6), layout="constrained")
plot_real_beside_synthetic(real, generated, axes=axes[0])
plot_losses(sampler.history_["1"], ax=axes[1, 0])
plot_diversity(sampler.history_["1"], ax=axes[1, 1])
plt.show()
