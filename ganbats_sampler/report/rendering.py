"""A report as text, as a table, as pictures and as a page."""

from __future__ import annotations

import math
from html import escape
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ganbats_sampler import plotting
from ganbats_sampler.report.page import embed_picture, fill_page

if TYPE_CHECKING:
    from ganbats_sampler.report.quality import ClassQuality, Figure, QualityReport

COLUMNS = ["value", "floor", "class mean", "copies"]

INTRODUCTION = """<p>Each figure stands beside its floor, what held-out real series have in the
place of the synthetic ones, and beside two useless generators: the class mean again and again, and
copies of real series.</p>"""

#: How each figure is to be read; "alike" is what it is for series of the same distribution.
MEANING = {
    "spread": "how varied, over real series; 0 has collapsed, alike 1",
    "repeats": "share that repeats another; alike the floor",
    "copies": "share that repeats a real series; alike the floor",
    "authenticity": "share not nearer to a real series than real ones; copies 0, alike the floor",
    "density": "how many real neighbourhoods hold one; far off 0, alike 1",
    "coverage": "share of real neighbourhoods that hold one; alike near 1",
    "PRD, nearest (%)": "difference from the nearest real series; alike the floor",
    "PRD, random (%)": "difference from a real series at random; alike the floor",
    "DTW, nearest": "warped distance from the nearest real series; alike the floor",
    "marginals": "difference of the histograms of values; alike the floor",
    "autocorrelation": "difference of the autocorrelations; alike the floor",
    "spectrum (dB)": "difference of the mean spectra; alike the floor",
    "skewness": "difference of the skewness; alike the floor",
    "kurtosis": "difference of the kurtosis; alike the floor",
    "classifier accuracy": "how often a classifier tells them from real ones; alike .5",
    "MMD": "discrepancy from real ones in random features; alike 0",
}


def as_text(report: QualityReport) -> str:
    """Lay a report out in lines."""
    lines = []
    for label, found in report.classes.items():
        lines += [f"class {label}: {found.verdict.upper()}", f"  {_numbers(found)}"]
        lines += [f"  {reason}" for reason in found.reasons]
        lines.append(f"  {'':<22}" + "".join(f"{column:>12}" for column in COLUMNS))
        for name, figure in found.figures.items():
            lines.append(f"  {name:<22}" + "".join(f"{cell:>12}" for cell in _cells(figure)))
        lines.append("")
    return "\n".join(lines).rstrip()


def as_html(report: QualityReport) -> str:
    """Lay a report out as tables."""
    return "\n".join(_section(label, found) for label, found in report.classes.items())


def as_page(report: QualityReport) -> str:
    """Lay a report out as a page of its own, with pictures where matplotlib is installed."""
    has_pictures = find_spec("matplotlib") is not None
    sections = []
    for label, found in report.classes.items():
        sections.append(_section(label, found))
        if has_pictures:
            sections.append(_picture(found, f"series, spectra and distances of class {label}"))
    note = "" if has_pictures else "<p>Pictures need matplotlib.</p>"
    return fill_page("Quality of synthetic series", "\n".join([INTRODUCTION, *sections]) + note)


def plot_class(found: ClassQuality) -> dict[str, Any]:
    """Draw real beside synthetic series, their spectra, an embedding, and distances."""
    pyplot = plotting.import_pyplot()
    figure, axes = pyplot.subplot_mosaic(
        [["real", "generated"], ["embedding", "distances"], ["spectra", "neighbors"]],
        figsize=(8, 8),
        layout="constrained",
    )
    axes["generated"].sharey(axes["real"])
    pair = (axes["real"], axes["generated"])
    plotting.plot_real_beside_generated(found.real, found.synthetic, axes=pair)
    plotting.plot_embedding(found.real, found.synthetic, ax=axes["embedding"])
    plotting.plot_distances(found.real, found.synthetic, found.unseen, ax=axes["distances"])
    plotting.plot_spectra(found.real, found.synthetic, ax=axes["spectra"])
    plotting.plot_nearest(found.real, found.synthetic, ax=axes["neighbors"])
    return axes


def _numbers(found: ClassQuality) -> str:
    return (
        f"{found.n_synthetic} synthetic series beside {found.n_real} real ones; {found.n_compared} "
        "compared."
    )


def _cells(figure: Figure) -> list[str]:
    return [_number(v) for v in (figure.value, figure.floor, figure.class_mean, figure.copy)]


def _number(value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def _section(label: Any, found: ClassQuality) -> str:
    head = "".join(f"<th>{column}</th>" for column in ["", *COLUMNS, ""])
    rows = "\n".join(
        f"<tr><th>{escape(name)}</th>"
        + "".join(f"<td>{cell}</td>" for cell in _cells(figure))
        + f'<td class="meaning">{escape(MEANING[name])}</td></tr>'
        for name, figure in found.figures.items()
    )
    reasons = " ".join(escape(reason) for reason in found.reasons)
    return (
        f'<section class="{escape(found.verdict)}"><h2>Class {escape(str(label))}: '
        f"<em>{escape(found.verdict)}</em></h2>\n<p>{reasons}</p>\n<p>{_numbers(found)}</p>\n"
        f'<div class="table"><table><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>'
        "</div></section>"
    )


def _picture(found: ClassQuality, description: str) -> str:
    axes = plot_class(found)
    return embed_picture(next(iter(axes.values())).figure, description)
