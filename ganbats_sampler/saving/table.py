"""Register the classes and functions that a file can name, other than this library's samplers."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import torch

from ganbats_sampler import networks, recombination, transforms
from ganbats_sampler.adversarial import augmentation, losses, penalties, spaces
from ganbats_sampler.adversarial.constraints import ClipWeights
from ganbats_sampler.adversarial.failures import Failure
from ganbats_sampler.adversarial.net import AdversarialNet
from ganbats_sampler.adversarial.recipes import Recipe
from ganbats_sampler.adversarial.training import Trained
from ganbats_sampler.flow_matching import FlowNet
from ganbats_sampler.generators.adapted import AdaptedGenerator
from ganbats_sampler.generators.constrained import ConstrainedGenerator, Domain
from ganbats_sampler.generators.filtered import Filter, FilteredGenerator
from ganbats_sampler.generators.herded import HerdedGenerator
from ganbats_sampler.generators.outcomes import Outcome
from ganbats_sampler.generators.protocol import RealSeries
from ganbats_sampler.generators.recombined import RecombinedGenerator
from ganbats_sampler.generators.trained import TrainedGenerator
from ganbats_sampler.generators.transform import TransformGenerator
from ganbats_sampler.herding import ClassComponents, ConvolutionFeatures
from ganbats_sampler.metrics import RandomConvolutions
from ganbats_sampler.metrics.convolutions import Kernel
from ganbats_sampler.saving.kinds import register, register_foreign, register_later
from ganbats_sampler.saving.nets import build_net, get_net_state
from ganbats_sampler.series import DeviationScaler, RangeScaler, SeriesShape
from ganbats_sampler.strategies import UpTo

#: Functions and classes that are saved by name alone.
NAMED: dict[str, Any] = {
    value.__name__: value
    for value in (
        augmentation.shift_scale_jitter_cut,
        losses.above_its_pair,
        losses.above_zero,
        losses.logistic_discriminator,
        losses.logit_accuracy,
        losses.non_saturating_generator,
        losses.pairwise_accuracy,
        losses.relativistic_discriminator,
        losses.relativistic_generator,
        losses.wasserstein_discriminator,
        losses.wasserstein_generator,
        penalties.one_centered_penalty,
        penalties.zero_centered_penalty,
        networks.ComponentDiscriminator,
        networks.ComponentGenerator,
        networks.ConvolutionalDiscriminator,
        networks.ConvolutionalGenerator,
        networks.GANBATSDiscriminator,
        networks.GANBATSGenerator,
        networks.VelocityNetwork,
        torch.optim.Adadelta,
        torch.optim.Adagrad,
        torch.optim.Adam,
        torch.optim.Adamax,
        torch.optim.AdamW,
        torch.optim.NAdam,
        torch.optim.RAdam,
        torch.optim.RMSprop,
        torch.optim.SGD,
    )
}

for _cls in (
    # training
    losses.AdversarialLoss,
    ClipWeights,
    Failure,
    Outcome,
    Recipe,
    Trained,
    spaces.ComponentSpace,
    spaces.SeriesSpace,
    # series
    ClassComponents,
    ConvolutionFeatures,
    DeviationScaler,
    Domain,
    Kernel,
    RandomConvolutions,
    RangeScaler,
    RealSeries,
    SeriesShape,
    UpTo,
    # generators
    ConstrainedGenerator,
    Filter,
    FilteredGenerator,
    HerdedGenerator,
    RecombinedGenerator,
    TrainedGenerator,
    TransformGenerator,
    # recombinations and transforms
    recombination.Arc,
    recombination.Deformation,
    recombination.GuidedWarp,
    transforms.FourierPerturbation,
    transforms.Jitter,
    transforms.Permutation,
    transforms.Rotation,
    transforms.Scaling,
    transforms.Slicing,
    transforms.TimeWarp,
    transforms.WindowWarp,
):
    register(_cls)

for _net in (AdversarialNet, FlowNet):
    register(_net, get_net_state, partial(build_net, _net))
register(
    AdaptedGenerator,
    # `ask` is a method of the adapter, so the adapter is saved in its place
    lambda made: {
        **{k: v for k, v in vars(made).items() if k != "ask"},
        "adapter": made.ask.__self__,
    },
    lambda state: AdaptedGenerator(ask=state.pop("adapter")._ask, **state),
)
register(
    np.random.SeedSequence,
    lambda seeds: {
        name: getattr(seeds, name) for name in ("entropy", "spawn_key", "n_children_spawned")
    },
    lambda state: np.random.SeedSequence(**state),
)


def _restore_random_state(state: dict[str, Any]) -> np.random.RandomState:
    restored = np.random.RandomState(0)
    restored.set_state(state)
    return restored


register(
    np.random.RandomState,
    lambda rng: rng.get_state(legacy=False),
    _restore_random_state,
)

register_later(
    (
        "CGANSampler",
        "DCGANSampler",
        "FlowMatchingSampler",
        "GANBATSSampler",
        "WGANGPSampler",
        "WGANSampler",
    )
)
register_foreign(
    "imblearn",
    "imblearn.over_sampling",
    ("ADASYN", "BorderlineSMOTE", "KMeansSMOTE", "RandomOverSampler", "SMOTE", "SVMSMOTE"),
)
register_foreign("ganbats_sampler", "ganbats_sampler.samplers", ("ClusterADASYN",))
register_foreign(
    "aeon", "aeon.transformations.collection.imbalance", ("ADASYN", "ESMOTE", "OHIT", "SMOTE")
)
# estimators that are parameters of imbalanced-learn's samplers
register_foreign("sklearn", "sklearn.cluster", ("KMeans", "MiniBatchKMeans"))
register_foreign("sklearn", "sklearn.neighbors", ("NearestNeighbors",))
register_foreign("sklearn", "sklearn.svm", ("SVC",))
