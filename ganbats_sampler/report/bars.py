"""An SVG bar that shows a value beside its reference and its controls."""

from __future__ import annotations

import math

from ganbats_sampler.metrics import ReferencedScore

#: A bar reaches to its largest number, but at most to this many times the value or the reference,
#: or to 1 if that is further. Controls beyond its end are drawn at the end.
REACH = 3.0

_SHAPES = {
    "track": '<line class="track" x1="0%" x2="100%" y1="12" y2="12"/>',
    "interval": '<line class="interval" x1="{low:.1f}%" x2="{high:.1f}%" y1="12" y2="12"/>',
    "class_mean": '<circle class="control" cx="{at:.1f}%" cy="12" r="5"/>',
    "copies": '<svg x="{at:.1f}%" y="7" overflow="visible">'
    '<rect class="control" x="-5" width="10" height="10"/></svg>',
    "reference": '<line class="reference" x1="{at:.1f}%" x2="{at:.1f}%" y1="2" y2="22"/>',
    "value": '<circle class="value" cx="{at:.1f}%" cy="12" r="6"/>',
}


def draw_bar(figure: ReferencedScore) -> str:
    """Draw a metric as an SVG. Screen readers skip it, because its numbers are beside it."""
    points = {
        name: getattr(figure, name) for name in ("class_mean", "copies", "reference", "value")
    }
    points = {name: value for name, value in points.items() if math.isfinite(value)}
    main = [points[name] for name in ("value", "reference") if name in points]
    if not main:
        return ""
    main += [bound for bound in (figure.low, figure.high) if math.isfinite(bound)]
    low = max(min(0.0, *main, *points.values()), min(-1.0, REACH * min(main)))
    high = min(max(0.0, *main, *points.values()), max(1.0, REACH * max(main)))

    def place(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.0
        return 3 + 94 * min(max(share, 0.0), 1.0)

    shapes = [_SHAPES["track"]]
    if math.isfinite(figure.low + figure.high):
        shapes.append(_SHAPES["interval"].format(low=place(figure.low), high=place(figure.high)))
    shapes += [_SHAPES[name].format(at=place(value)) for name, value in points.items()]
    return f'<svg class="bar" aria-hidden="true">{"".join(shapes)}</svg>'


def _draw_key(name: str) -> str:
    shape = _SHAPES[name].format(at=50)
    return f'<svg class="key" viewBox="0 0 24 24" aria-hidden="true">{shape}</svg>'


#: The legend of the shapes, as HTML.
KEY = ", ".join(
    f'<span class="nowrap">{_draw_key(name)} {meaning}</span>'
    for name, meaning in (
        ("value", "synthetic"),
        ("reference", "held-out real (the reference)"),
        ("class_mean", "class mean repeated"),
        ("copies", "real series copied"),
    )
)
