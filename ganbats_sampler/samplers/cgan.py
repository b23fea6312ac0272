"""CGAN: one conditional GAN for all classes."""

from imblearn.utils import Substitution

from ganbats_sampler.adversarial.recipes import DCGAN
from ganbats_sampler.networks import ConvolutionalDiscriminator, ConvolutionalGenerator
from ganbats_sampler.samplers._docstrings import gan_of_reference
from ganbats_sampler.samplers.adversarial import Form
from ganbats_sampler.samplers.convolutional import BaseConvolutionalSampler


@Substitution(**gan_of_reference("CGANSampler", min_updates=200, n_jobs=False))
class CGANSampler(BaseConvolutionalSampler):
    """Over-sample time series with CGAN, one conditional GAN for all classes.

    One generator is trained against one discriminator on the series of all classes, and both
    receive the class of each series as an input [1]_. The generator can learn from the other
    classes what a minority class shares with them. However, batches are sampled from all series, so
    they have few of the minority class.

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
    DCGANSampler : The same networks, trained on each class alone.

    Notes
    -----
    The paper conditions multilayer perceptrons that generate images of 28 x 28 pixels. In our runs
    they collapsed on series, both with the paper's optimiser and with Adam. This class therefore
    conditions the networks of :class:`DCGANSampler` in the same way, and trains them with its
    optimiser.

    References
    ----------
    .. [1] Mirza, M., Osindero, S. (2014). Conditional generative adversarial nets.
       arXiv:1411.1784.

    Examples
    --------
    {example}
    """

    _form = Form(ConvolutionalGenerator, ConvolutionalDiscriminator, conditional=True)
    _published = DCGAN
