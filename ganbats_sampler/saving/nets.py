"""Save the parameters, the history and the generator of a trained net, and rebuild the net."""

from __future__ import annotations

from inspect import signature
from typing import Any

import torch
from skorch.history import History

from ganbats_sampler.adversarial.devices import own_settings
from ganbats_sampler.adversarial.loop import GeneratorNet

#: Prefixes of the parameters of modules and optimisers, which are saved too.
_PREFIXES = ("module__", "discriminator__", "optimizer__", "discriminator_optimizer__")


def get_net_state(net: GeneratorNet) -> dict[str, Any]:
    """Return the state that a net needs to generate series, on the CPU.

    The discriminator and the callbacks are left out, because they remember real series. So are the
    optimisers.
    """
    own = signature(type(net)).parameters
    weights = net.drawing_module.state_dict()
    return {
        "parameters": {
            name: value
            for name, value in net.get_params(deep=False).items()
            if name in own or name.startswith(_PREFIXES)
        },
        "device": torch.device(net.device),
        "history": list(net.history),
        "n_updates": net.n_updates_,
        "weights": {name: tensor.cpu().numpy() for name, tensor in weights.items()},
    }


def build_net(cls: type[GeneratorNet], state: dict[str, Any]) -> GeneratorNet:
    """Rebuild a net that generates the same series; it cannot be trained further."""
    net = cls(**state["parameters"], device=state["device"])
    weights = {name: torch.from_numpy(array) for name, array in state["weights"].items()}
    with own_settings():
        with torch.device("meta"):  # takes no memory, even if a file asks for huge sizes
            module = net.initialized_instance(net.module, net.get_params_for("module"))
        for name, expected in module.state_dict().items():
            found = weights[name]
            if (found.shape, found.dtype) != (expected.shape, expected.dtype):
                raise ValueError(
                    f"{name} is {found.dtype} of shape {tuple(found.shape)}, not {expected.dtype} "
                    f"of shape {tuple(expected.shape)}"
                )
        module.load_state_dict(weights, assign=True)
    # setting modules through skorch would also create a discriminator and optimisers
    net.__dict__.update(module_=module.to(net.device), average_=None)
    net.cuda_dependent_attributes_ = ["module_"]  # skorch does this for modules that it creates
    net.history_ = History(state["history"])
    net.n_updates_ = state["n_updates"]
    net.initialized_ = True
    return net
