"""
3. Can I trust the synthetic series?
====================================

The quality report of a fitted sampler gives a verdict for each class and the reasons for it. It
shows each metric beside its value for held-out real series.
"""

# %%
# We use 100 winter days to over-sample, 300 summer days, and 200 winter days that no sampler sees.
import matplotlib.pyplot as plt
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
for name in ("smote", "time_warp", "herded"):
    sampler = get_sampler(name, random_state=0)
    sampler.fit_resample(X[train], y[train])
    reports[name] = sampler.quality_report(held_out)
    found = reports[name].classes["1"]
    print(f"{name}: {found.verdict}\n  " + "\n  ".join(found.reasons))

# %%
# The verdict says how similar the series are to real ones. Whether they help a classifier is
# another question (:ref:`sphx_glr_auto_examples_plot_2_did_it_help.py`).
#
# The next output has all figures of one report. ``report.save("report.html")`` writes them to a
# page with pictures, and ``report.to_frame()`` returns a table.
reports["time_warp"]

# %%
# The pictures show real and synthetic series, all series as points, distances to the nearest real
# series, and spectra. The last ones show some synthetic series beside their nearest real series.
reports["time_warp"].plot()
plt.show()
