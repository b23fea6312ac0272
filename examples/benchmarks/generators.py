"""Is there a better generator than a Bi-LSTM of full length, or a better way to train one?

The script measures three kinds of generators:

- GANBATS and flow matching on components that are never aligned;
- other networks on series, in GANBATS's training: a Bi-LSTM at a quarter of the resolution, DCGAN's
  convolutions, and a discriminator that also sees the spectrum;
- training without an adversary: matching moments or the energy distance of random convolutions
  (generative moment matching), or pulling the nearest of many generated series towards each real
  one (RS-IMLE).

They are measured as in ``fidelity.py``, with 300 ventricular beats or windows of bearings::

    python examples/benchmarks/generators.py --mitbih mitdb --cwru cwru --seeds 0 1
"""

from unittest.mock import patch

import fidelity
import torch
from torch import nn
from torch.nn import functional as F

from ganbats_sampler import FlowMatchingSampler, GANBATSSampler, RecombinationSampler
from ganbats_sampler.adversarial.devices import own_settings
from ganbats_sampler.metrics import RandomConvolutions
from ganbats_sampler.networks.convolutional import ConvolutionalGenerator
from ganbats_sampler.networks.discriminator import GANBATSDiscriminator
from ganbats_sampler.networks.generator import GANBATSGenerator
from ganbats_sampler.samplers.adversarial import Form
from ganbats_sampler.series import RangeScaler


class QuarterGenerator(GANBATSGenerator):
    """A Bi-LSTM that reads every fourth time step, and interpolates its features to full length."""

    def forward(self, noise, label=None):
        """Turn noise, (batch, n_timepoints, 1), into series, (batch, n_channels, n_timepoints)."""
        inputs = self.add_position(noise)
        features = self.lstm(inputs[:, ::4])[0].transpose(1, 2)
        features = F.interpolate(features, size=inputs.shape[1], mode="linear")
        return self.output(self.parts(features))


class SpectralDiscriminator(GANBATSDiscriminator):
    """A discriminator that adds a score of the logarithm of the spectrum."""

    def __init__(self, n_channels, **options):
        super().__init__(n_channels, **options)
        width = self.score.in_features
        self.of_spectrum = nn.Sequential(
            nn.Conv1d(2 * n_channels, width, 5, stride=2, padding=2),
            nn.ReLU(),
            nn.Conv1d(width, width, 5, stride=2, padding=2),
            nn.ReLU(),
        )
        self.score_of_spectrum = nn.Linear(width, 1)

    def forward(self, series):
        """Score each series, (batch,)."""
        spectrum = (torch.fft.rfft(series, norm="ortho").abs() + 1e-3).log()
        where = torch.linspace(-1, 1, spectrum.shape[2]).to(series).expand_as(spectrum)
        features = self.of_spectrum(torch.cat([spectrum, where], dim=1)).mean(dim=2)
        return super().forward(series) + self.score_of_spectrum(features).squeeze(1)


class OtherNetworks(GANBATSSampler):
    """GANBATS with other networks, in the same training."""

    module = GANBATSGenerator
    discriminator = GANBATSDiscriminator

    @property
    def _form(self):
        return Form(self.module, self.discriminator)

    def _module_options(self):
        generator, discriminator = super()._module_options()
        if self.module is ConvolutionalGenerator:
            generator = {"n_timepoints": self.n_timepoints_}
        return generator, discriminator


class Quarter(OtherNetworks):
    """GANBATS with a Bi-LSTM at a quarter of the resolution."""

    module = QuarterGenerator


class Convolutions(OtherNetworks):
    """GANBATS with DCGAN's generator."""

    module = ConvolutionalGenerator


class Spectral(OtherNetworks):
    """GANBATS with a discriminator that also sees the spectrum."""

    discriminator = SpectralDiscriminator


class QuarterSpectral(Quarter):
    """GANBATS with a quarter-resolution Bi-LSTM and the spectral discriminator."""

    discriminator = SpectralDiscriminator


class SoftConvolutions:
    """Differentiable random convolutions, with a smooth version of the share above zero."""

    def __init__(self, real, n_kernels, seed):
        kernels = RandomConvolutions(n_kernels, random_state=seed).fit(real.numpy())
        self.kernels = kernels.kernels_
        self.centre = torch.as_tensor(kernels.centre_)
        self.spread = torch.as_tensor(kernels.spread_)
        features = self.raw(real)
        self.mean, self.deviation = features.mean(dim=0), features.std(dim=0) + 1e-3

    def raw(self, series):
        """Compute the features, (n_samples, 2 * n_kernels)."""
        series, features = (series - self.centre) / self.spread, []
        for channel, weights, bias, dilation, padding in self.kernels:
            own = series[:, channel : channel + 1]
            kernel = torch.as_tensor(weights)[None, None]
            convolved = F.conv1d(own, kernel, padding=padding, dilation=dilation)[:, 0] + bias
            features += [convolved.amax(dim=1), (4 * convolved).sigmoid().mean(dim=1)]
        return torch.stack(features, dim=1)

    def __call__(self, series):
        """Compute the features, standardised over the real series."""
        return ((self.raw(series) - self.mean) / self.deviation).clamp(-8, 8)


def mean_discrepancy(kernel, real, made):
    """Compute the squared maximum mean discrepancy of two sets, with a kernel."""

    def among(sample):
        similarity = kernel(sample, sample)
        n = len(sample)
        return (similarity.sum() - similarity.diagonal().sum()) / (n * (n - 1))

    return among(real) + among(made) - 2 * kernel(real, made).mean()


def first_two_moments(real, made):
    """Compare the first two moments, with the kernel that herding uses."""
    size = real.square().sum(dim=1).mean()

    def kernel(a, b):
        product = a @ b.T / size
        return product + product.square()

    return mean_discrepancy(kernel, real, made)


def energy(real, made):
    """Compute the energy distance."""
    return mean_discrepancy(lambda a, b: -(a[:, None] - b + 1e-6).norm(dim=2), real, made)


class WithoutAdversary:
    """Train a convolutional generator on a class, by a loss on real and generated series.

    It is a `method` of :class:`~ganbats_sampler.RecombinationSampler`.
    """

    def __init__(self, n_updates=1000, batch_size=64, lr=1e-3, latent_size=32):
        self.n_updates = n_updates
        self.batch_size = batch_size
        self.lr = lr
        self.latent_size = latent_size

    def __call__(self, series, others, n_samples, rng):
        """Train, and generate `n_samples` series."""
        scaler = RangeScaler.fit(series)
        real = torch.as_tensor(scaler.transform(series), dtype=torch.float32)
        seed = int(rng.integers(2**31))
        with own_settings(), torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.generator = ConvolutionalGenerator(*real.shape[1:], latent_size=self.latent_size)
            averaged = torch.optim.swa_utils.AveragedModel(
                self.generator, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.99)
            )
            optimizer = torch.optim.Adam(self.generator.parameters(), lr=self.lr)
            for update in range(self.n_updates):
                loss = self.loss(real, seed, update)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                averaged.update_parameters(self.generator)
            with torch.no_grad():  # batch norm uses the batch, as in training
                made = averaged.module(torch.randn(n_samples, self.latent_size))
        return scaler.inverse_transform(made.double().numpy())

    def batch(self, real):
        """Draw a batch of real series."""
        return real[torch.randperm(len(real))[: self.batch_size]]


class MomentMatching(WithoutAdversary):
    """Match moments of random convolutions, which are drawn anew at each update (GMMN).

    Li, Y., Swersky, K., Zemel, R. (2015). Generative moment matching networks. ICML.
    """

    def __init__(self, distance=first_two_moments, n_kernels=50, **options):
        super().__init__(**options)
        self.distance = distance
        self.n_kernels = n_kernels

    def loss(self, real, seed, update):
        """Compare a batch of real and of generated series."""
        features = SoftConvolutions(real, self.n_kernels, seed + update)
        made = self.generator(torch.randn(self.batch_size, self.latent_size))
        sample = self.batch(real)
        flat = self.distance(sample.flatten(1) * 2, made.flatten(1) * 2)
        return self.distance(features(sample), features(made)) + flat


class NearestLikelihood(WithoutAdversary):
    """Pull the nearest generated series towards each real one, if it is not too near (RS-IMLE).

    Vashist, C., Peng, S., Li, K. (2024). Rejection sampling IMLE: designing priors for better
    few-shot image synthesis. ECCV.
    """

    def __init__(self, n_candidates=512, every=10, share=0.5, **options):
        super().__init__(**options)
        self.n_candidates = n_candidates
        self.every = every
        self.share = share

    def loss(self, real, seed, update):
        """Compute the distance from real series to the generated series assigned to them."""
        if update % self.every == 0:
            self.features = SoftConvolutions(real, 50, seed + update)
            self.assigned = self.assign(real)
        rows = torch.randperm(len(real))[: self.batch_size]
        made = self.generator(self.assigned[rows] + 0.05 * torch.randn(len(rows), self.latent_size))
        return (self.described(real[rows]) - self.described(made)).square().sum(dim=1).mean()

    def described(self, series):
        """Join features and values, weighted so that their squared distances are means."""
        features, values = self.features(series), series.flatten(1)
        weighted = features / features.shape[1] ** 0.5, 2 * values / values.shape[1] ** 0.5
        return torch.cat(weighted, dim=1)

    @torch.no_grad()
    def assign(self, real):
        """Choose, for each real series, the noise whose series is nearest but not too near."""
        noise = torch.randn(self.n_candidates, self.latent_size)
        own, theirs = self.described(real), self.described(self.generator(noise))
        apart, among = torch.cdist(own, theirs).square(), torch.cdist(own, own).square()
        among.fill_diagonal_(torch.inf)
        radius = self.share * among.amin(dim=1).median()
        too_near = apart.amin(dim=0) < radius
        if not too_near.all():
            apart[:, too_near] = torch.inf
        return noise[apart.argmin(dim=1)]


class NotAligned:
    """Never align series before components are found."""

    def fit_resample(self, X, y):
        """Over-sample without alignment."""
        with patch("ganbats_sampler.adversarial.spaces.should_align", return_value=False):
            return super().fit_resample(X, y)


class NotAlignedGANBATS(NotAligned, GANBATSSampler):
    """GANBATS without alignment."""


class NotAlignedFlowMatching(NotAligned, FlowMatchingSampler):
    """Flow matching without alignment."""


def methods():
    """Return the samplers to measure, by name."""
    own_series = {"on_failure": "warn"}
    on_series = {"space": "series"} | own_series
    without_adversary = {
        "moment matching": MomentMatching(),
        "energy distance": MomentMatching(energy),
        "RS-IMLE": NearestLikelihood(),
    }
    return {
        "ganbats, not aligned": NotAlignedGANBATS(**own_series),
        "flow_matching, not aligned": NotAlignedFlowMatching(**own_series),
        "ganbats_series, conditional": GANBATSSampler(conditional=True, **on_series),
        "ganbats_series, quarter of the resolution": Quarter(**on_series),
        "ganbats_series, DCGAN's generator": Convolutions(**on_series),
        "ganbats_series, spectrum": Spectral(**on_series),
        "ganbats_series, quarter and spectrum": QuarterSpectral(**on_series),
        **{
            name: RecombinationSampler(method=method, transforms=None)
            for name, method in without_adversary.items()
        },
    }


def main():
    """Measure each method over the seeds, and print the table."""
    fidelity.main(methods, __doc__)


if __name__ == "__main__":
    main()
