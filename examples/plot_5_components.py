"""
5. What do the networks model?
==============================

``GANBATSSampler`` models the principal components of a class. With ``space="series"`` it models the
values of series, as the paper does. ``FlowMatchingSampler`` trains another kind of network on the
components.
"""

# %%
# The series are movements of a hand. 60 are of the class to over-sample, 100 of the other class,
# and 40 are held out.
import matplotlib.pyplot as plt
import numpy as np
from aeon.datasets import load_classification

from ganbats_sampler import FlowMatchingSampler, GANBATSSampler
from ganbats_sampler.metrics import classifier_two_sample_test
from ganbats_sampler.plotting import plot_real_beside_synthetic

X, y = load_classification("GunPoint")
rng = np.random.default_rng(0)
gun, point = (rng.permutation(np.flatnonzero(y == label)) for label in "12")
train, held_out = np.concatenate([gun[:60], point]), X[gun[60:]]

samplers = {
    'space="series"': GANBATSSampler(space="series", random_state=0),
    "GANBATSSampler": GANBATSSampler(random_state=0),
    "FlowMatchingSampler": FlowMatchingSampler(random_state=0),
}
synthetic = {}
for name, sampler in samplers.items():
    sampler.fit_resample(X[train], y[train])
    synthetic[name] = sampler.generate(len(held_out), "1", random_state=0)

# %%
# How many components explain .95 of the variance?
for name in ("GANBATSSampler", "FlowMatchingSampler"):
    print(f"{name}: {samplers[name].nets_['1'].get_params()['module__n_components']} components")

# %%
# A classifier learns to tell synthetic series from held-out real ones. Its accuracy is .5 if it
# cannot, and 1 if it always can.
for name, series in synthetic.items():
    accuracy = classifier_two_sample_test(held_out, series, random_state=0).statistic
    print(f"{name}: {accuracy:.2f}")

# %%
# The pictures show series of each sampler. The first panel of a row has real series.
figure, axes = plt.subplots(3, 2, figsize=(7, 6), sharex=True, sharey=True, layout="constrained")
for row, (name, series) in zip(axes, synthetic.items(), strict=True):
    plot_real_beside_synthetic(X[gun[:60]], series, axes=row)
    row[1].set_title(name)
plt.show()
