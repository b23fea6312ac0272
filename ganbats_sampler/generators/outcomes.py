"""The outcome of the training for a class, as samplers report it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: The statuses, from the best to the worst.
STATUSES = ("trained", "retrained", "failed", "fallback")


@dataclass(frozen=True)
class Outcome:
    """The outcome of the training for one class.

    Parameters
    ----------
    status : {"trained", "retrained", "failed", "fallback"}
        "trained": the first network passed the failure checks. "retrained": a second one passed.
        "failed": none passed, and the series of the last network are returned, as
        ``on_failure="warn"`` asks for. "fallback": none passed, or the class is too small to train
        on, and recombined series are returned instead.
    reason : str
        Why each attempt failed, or why none was made; empty if the first passed.

    Examples
    --------
    >>> from ganbats_sampler.generators.outcomes import Outcome
    >>> Outcome("trained").is_generated, Outcome("fallback", "it collapsed").is_generated
    (True, False)
    """

    status: str
    reason: str = ""

    @property
    def passed(self) -> bool:
        """Whether the series come from a network that passed the checks."""
        return self.status in ("trained", "retrained")

    @property
    def is_generated(self) -> bool:
        """Whether the series come from a network, whether it passed the checks or not."""
        return self.status != "fallback"


def summarise(outcomes: Mapping[str, Outcome]) -> Outcome:
    """Join the outcomes of several samplers for one class: the worst status, and every reason."""
    worst = max((outcome.status for outcome in outcomes.values()), key=STATUSES.index)
    reasons = [f"{name}: {of.reason}" for name, of in outcomes.items() if of.reason]
    return Outcome(worst, "; ".join(reasons))
