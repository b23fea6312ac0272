"""Type hints that the parameters of several samplers share."""

from collections.abc import Callable, Mapping
from os import PathLike
from typing import Any, Literal, SupportsInt

import joblib
import numpy as np

Counts = Mapping[Any, SupportsInt]
SamplingStrategy = float | str | Counts | Callable[[np.ndarray], Counts]
Constrain = Literal["whole", "range", "both"] | None
Drop = Literal["copies", "misplaced", "both"] | None
OnFailure = Literal["fallback", "raise", "warn"]
Memory = str | PathLike[str] | joblib.Memory | None
Seed = int | np.random.RandomState | None
