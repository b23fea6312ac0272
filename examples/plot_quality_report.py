"""
May I trust these generated series?
===================================

A fitted sampler reports on what it makes: a verdict in a word, the reasons, and every figure beside
what held-out real series and two useless generators have in its place.
"""

# %%
# Winter days of Italian power demand: 100 to generate from, beside 300 summer days, and 200 more
# that no sampler sees.
import numpy as np
from aeon.datasets import load_classification

from ganbats_sampler.samplers import get_sampler

X, y = load_classification("ItalyPowerDemand")
X = X[:, 0]  # one channel: (n_samples, n_timepoints)
rng = np.random.default_rng(0)
winter, summer = (rng.permutation(np.flatnonzero(y == label)) for label in "12")
train = np.concatenate([winter[:100], summer[:300]])
held_out = X[winter[100:300]]

reports = {}
for name in ("smote", "time_warp", "dcgan"):
    sampler = get_sampler(name, random_state=0)
    sampler.fit_resample(X[train], y[train])
    reports[name] = sampler.quality_report(held_out)
    found = reports[name].classes["1"]
    print(f"{name}: {found.verdict}\n  " + "\n  ".join(found.reasons))

# %%
# All figures of one of them. ``report.save("report.html")`` writes them, with the pictures below,
# to a page, and ``report.to_frame()`` gives a table to go on with.
reports["dcgan"]

# %%
# The pictures: eight series of each side, all of them as points, how far each is from the nearest
# real one, the spectra, and some generated series each over the real one that is nearest to it.
reports["dcgan"].plot()

# %%
# SMOTE's series lie between neighbours, so each is nearer to a real series than any other real one;
# those of the GAN and the warped ones can be told from real ones. Whether they help a classifier is
# another question, see :ref:`sphx_glr_auto_examples_plot_compare_samplers.py`.
