"""WGAN: the Wasserstein loss, and a critic whose weights are clipped."""

from imblearn.utils import Substitution

from ganbats_sampler.adversarial.recipes import WGAN
from ganbats_sampler.samplers._docstrings import gan_of_reference
from ganbats_sampler.samplers.convolutional import BaseClasswiseSampler


@Substitution(**gan_of_reference("WGANSampler", min_updates=200))
class WGANSampler(BaseClasswiseSampler):
    """Over-sample time series with WGAN, a GAN with the Wasserstein loss and weight clipping.

    A generator for each class minimises the Wasserstein distance to the series of that class. A
    critic estimates this distance. It is updated five times for each update of the generator, and
    its weights are clipped to [-.01, .01] [1]_. As in the paper, the networks are those of
    :class:`DCGANSampler`. The optimiser is RMSprop with a learning rate of 5e-5.

    Read more in the :ref:`User Guide <comparison_set>`.

    Parameters
    ----------
    {parameters}

    Attributes
    ----------
    {attributes}

    See Also
    --------
    GANBATSSampler : A GAN with a Bi-LSTM and attention.
    WGANGPSampler : A WGAN with a gradient penalty instead of weight clipping.

    References
    ----------
    .. [1] Arjovsky, M., Chintala, S., Bottou, L. (2017). Wasserstein generative adversarial
       networks. ICML.

    Examples
    --------
    {example}
    """

    _published = WGAN
