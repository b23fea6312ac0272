"""Measure the diversity of generated beats, and their distance from real ones, during training.

GANBATS trains on classes of 20, 100 and 1,000 ventricular beats of MIT-BIH: with the paper's
preset, with the default recipe on series, and without its positional channel. The script records
and draws the diversity ratio, and PRD and DTW divided by their real-vs-real references. The default
budget, the threshold for collapse and the least class size were chosen by these curves.

    python examples/benchmarks/training_curves.py --folder mitdb

writes training_curves.csv and training_curves.svg, and prints a table. Three seeds take two hours
on one core.
"""

import argparse
import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
from skorch.callbacks import Callback

from ganbats_sampler import GANBATSSampler
from ganbats_sampler.adversarial.devices import own_settings
from ganbats_sampler.adversarial.groups import TrainingGroup
from ganbats_sampler.adversarial.spaces import SeriesSpace
from ganbats_sampler.datasets import fetch_mitbih, load_mitbih
from ganbats_sampler.metrics import diversity_ratio, dtw, prd
from ganbats_sampler.series import RangeScaler

METHODS = {
    "paper": GANBATSSampler.from_preset("ecg-mit"),
    "default": GANBATSSampler(space="series"),
    "default, not positional": GANBATSSampler(space="series", positional=False),
}
N_SERIES = 200
COLUMNS = ["method", "class_size", "seed", "update", "diversity", "discriminator_loss"]
COLUMNS += [f"{m}_{p}" for m in ("prd", "dtw") for p in ("random", "nearest")]
LABELS = {
    "diversity": "diversity ratio",
    "prd_nearest": "PRD / reference, nearest",
    "dtw_nearest": "DTW / reference, nearest",
}


class Measure(Callback):
    """Measure generated series after every `every` updates."""

    def __init__(self, real, held_out, every, row, write):
        self.real, self.held_out, self.every = real, held_out, every
        self.row, self.write = row, write

    def on_train_begin(self, net, X=None, y=None, **kwargs):
        self.next_ = self.every
        self.references_ = self.values(self.held_out)

    def values(self, series):
        return {
            f"{metric.__name__}_{pairing}": metric(self.real, series, pairing=pairing)
            for metric in (prd, dtw)
            for pairing in ("random", "nearest")
        }

    def on_epoch_end(self, net, **kwargs):
        if net.n_updates_ < self.next_:
            return
        self.next_ = net.n_updates_ + self.every
        generated = net.generate(N_SERIES, random_state=1).numpy()
        values = self.values(generated)
        self.write(
            {
                **self.row,
                "update": net.n_updates_,
                "diversity": diversity_ratio(self.held_out, generated),
                "discriminator_loss": net.history[-1]["discriminator_loss"],
                **{name: value / self.references_[name] for name, value in values.items()},
            }
        )


def run(method, size, seed, data, updates, every, write):
    """Train one network on `size` beats for at least `updates` updates, and measure on the way."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(data))
    scaler = RangeScaler.fit(data[order[:size]])
    real, held_out = (
        scaler.transform(data[i]) for i in (order[:size], order[size : size + N_SERIES])
    )
    sampler = METHODS[method]
    sampler.n_channels_, sampler.n_timepoints_ = data.shape[1:]
    group = TrainingGroup(f"{method}, {size} beats, seed {seed}", real, None, {}, seed)
    training = replace(sampler._training(group), max_epochs=None, min_updates=updates)
    net = training.make_net(group, SeriesSpace(scaler), seed, show_progress=True, checkpoint=None)
    row = {"method": method, "class_size": size, "seed": seed}
    net.callbacks.append(Measure(real, held_out, every, row, write))
    with own_settings():
        net.fit(real)


def print_table(rows, update):
    """Print mean, least and greatest over the seeds, at the measurement nearest to an update."""
    measures = ["diversity", "prd_nearest", "dtw_nearest", "prd_random", "dtw_random"]
    print(f"{'size':>5} {'method':<22}{'seeds':>6}" + "".join(f"{m:>22}" for m in measures))
    for size, method in sorted({(int(row["class_size"]), row["method"]) for row in rows}):
        mine = [row for row in rows if (int(row["class_size"]), row["method"]) == (size, method)]
        shown = [
            min(
                (r for r in mine if r["seed"] == seed), key=lambda r: abs(int(r["update"]) - update)
            )
            for seed in sorted({row["seed"] for row in mine})
        ]
        cells = ""
        for measure in measures:
            values = [float(row[measure]) for row in shown]
            mean = sum(values) / len(values)
            cells += f"{mean:.2f} ({min(values):.2f} to {max(values):.2f})".rjust(22)
        print(f"{size:>5} {method:<22}{len(shown):>6}{cells}")


def plot(rows, path):
    """Draw the curves, with a column for each class size and a row for each measure."""
    import matplotlib.pyplot as plt

    measures = list(LABELS)
    sizes = sorted({int(row["class_size"]) for row in rows})
    figure, axes = plt.subplots(
        len(measures),
        len(sizes),
        figsize=(9, 7),
        sharex="col",
        sharey="row",
        squeeze=False,
        layout="constrained",
    )
    colours = dict(zip(METHODS, ("#d55e00", "#0072b2", "#999999"), strict=True))
    for i, measure in enumerate(measures):
        for j, size in enumerate(sizes):
            ax = axes[i, j]
            ax.axhline(1, color="black", linewidth=0.8, linestyle=":")
            for method, colour in colours.items():
                mine = [r for r in rows if r["method"] == method and int(r["class_size"]) == size]
                for seed in sorted({r["seed"] for r in mine}):
                    curve = [
                        (int(r["update"]), float(r[measure])) for r in mine if r["seed"] == seed
                    ]
                    label = method if i == j == 0 and seed == mine[0]["seed"] else None
                    ax.plot(*zip(*curve, strict=True), color=colour, label=label, linewidth=1.2)
            if i == 0:
                ax.set_title(f"{size:,} beats")
            if j == 0:
                ax.set_ylabel(LABELS[measure])
    for ax in axes[:, 0]:
        ax.set_ylim(bottom=0)  # last, because it stops the automatic limits
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
    figure.supxlabel("updates of the generator")
    figure.savefig(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, help="folder of MIT-BIH's records")
    parser.add_argument("--sizes", type=int, nargs="+", default=[20, 100, 1000])
    parser.add_argument("--methods", nargs="+", choices=list(METHODS), default=list(METHODS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--updates", type=int, default=600)
    parser.add_argument("--every", type=int, default=50)
    parser.add_argument("--out", type=Path, default=Path("training_curves.csv"))
    parser.add_argument("--at", type=int, default=300, help="update that the table shows")
    parser.add_argument(
        "--only-plot", action="store_true", help="plot and print the rows in --out without training"
    )
    args = parser.parse_args()
    if not args.only_plot:
        options = {"window": 128, "sampling_rate": 180, "return_X_y": True}
        load = fetch_mitbih if args.folder is None else load_mitbih
        beats, target = load(*filter(None, [args.folder]), **options)
        new = not args.out.exists()
        with args.out.open("a", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            if new:
                writer.writeheader()

            def write(row):
                writer.writerow(
                    {k: f"{v:.4g}" if isinstance(v, float) else v for k, v in row.items()}
                )
                file.flush()

            for size in args.sizes:
                for seed in args.seeds:
                    for method in args.methods:
                        run(
                            method,
                            size,
                            seed,
                            beats[target == "V"],
                            args.updates,
                            args.every,
                            write,
                        )
    with args.out.open() as file:
        rows = list(csv.DictReader(file))
    print_table(rows, args.at)
    drawn = [row for row in rows if int(row["class_size"]) in args.sizes]
    plot(drawn, args.out.with_suffix(".svg"))


if __name__ == "__main__":
    main()
