"""
How do I over-sample a rare class of time series?
=================================================

Put :class:`~ganbats_sampler.GANBATSSampler` before a classifier in imbalanced-learn's pipeline. It
trains a GAN on the rare class when the pipeline is fitted, and does nothing when it predicts.
"""

# %%
# A day of Italian power demand is a series of 24 hours; the task is to tell October to March from
# April to September. To have a rare class, all but 25 of the winter days in the training half are
# left out.
from collections import Counter

from aeon.datasets import load_classification
from imblearn.datasets import make_imbalance
from imblearn.pipeline import Pipeline
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import average_precision_score, balanced_accuracy_score
from sklearn.model_selection import train_test_split

from ganbats_sampler import GANBATSSampler

X, y = load_classification("ItalyPowerDemand")
X = X[:, 0]  # one channel: (n_samples, n_timepoints)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.5, stratify=y, random_state=0)
X_train, y_train = make_imbalance(X_train, y_train, sampling_strategy={"1": 25}, random_state=0)
Counter(y_train.tolist())

# %%
# The pipeline, with the sampler and without.
scores = {}
for name, steps in {
    "nothing": [],
    "GANBATS": [("resample", GANBATSSampler(random_state=0))],
}.items():
    pipeline = Pipeline([*steps, ("clf", RandomForestClassifier(300, random_state=0))])
    pipeline.fit(X_train, y_train)
    scores[name] = {
        "balanced accuracy": balanced_accuracy_score(y_test, pipeline.predict(X_test)),
        "average precision": average_precision_score(
            y_test, pipeline.predict_proba(X_test)[:, 0], pos_label="1"
        ),
    }
scores

# %%
# One split and one seed are no proof; the user guide says what to compare with. But look at what
# was generated: the fitted sampler knows which rows are synthetic, draws more, and keeps the
# history of its training.
import matplotlib.pyplot as plt

from ganbats_sampler.plotting import plot_diversity, plot_losses, plot_real_beside_synthetic

sampler = pipeline.named_steps["resample"]
real, generated = X_train[y_train == "1"], sampler.generate(25, "1")
plot_real_beside_synthetic(real, generated)

_, axes = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
plot_losses(sampler.history_["1"], ax=axes[0])
plot_diversity(sampler.history_["1"], ax=axes[1])

# %%
# PRD and DTW mean something only beside their reference, the same figure for real series that the
# generator has not seen, and beside two useless generators, which both of them can flatter.
from ganbats_sampler.metrics import dtw, prd, score_with_reference

held_out = X_test[y_test == "1"]
for metric in (prd, dtw):
    score = score_with_reference(metric, real, generated, held_out, pairing="nearest")
    print(f"{metric.__name__}, nearest: {score}, ratio to the reference {score.ratio:.2f}")
