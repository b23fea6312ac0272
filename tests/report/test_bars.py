"""The positions of the shapes on the bar of a metric."""

import re

import pytest

from ganbats_sampler.metrics import ReferencedScore
from ganbats_sampler.report.bars import draw_bar

NAN = float("nan")


def places(figure):
    """Return the position of each shape, from 0 to 1. The bar is drawn from 3% to 97%."""
    found = re.findall(r'(\w+)"(?: x2?="[\d.]+%")* (?:c?x1?)="([\d.]+)%', draw_bar(figure))
    square = re.findall(r'<svg x="([\d.]+)%" y="7"', draw_bar(figure))
    found += [("copies", place) for place in square]
    return {name: (float(at) - 3) / 94 for name, at in found if name != "track"}


def test_marks_are_proportional_from_zero_to_the_largest_value():
    found = places(ReferencedScore(0.5, 1.0, 0.0, 2.0))
    assert found == pytest.approx(
        {"value": 0.25, "reference": 0.5, "control": 0.0, "copies": 1.0}, abs=0.01
    )


def test_far_control_is_drawn_at_the_end():
    found = places(ReferencedScore(1.0, 2.0, 0.0, 1e6))
    assert found["copies"] == pytest.approx(1) and found["reference"] == pytest.approx(
        1 / 3, abs=0.01
    )


def test_bar_of_shares_ends_at_the_largest_control():
    found = places(ReferencedScore(0.01, 0.0, 0.5, 1.0))
    assert found["value"] == pytest.approx(0.01, abs=0.01)
    assert found["control"] == pytest.approx(0.5, abs=0.01)


def test_bar_includes_negative_values():
    found = places(ReferencedScore(0.5, -0.5))
    assert found == pytest.approx({"value": 1.0, "reference": 0.0}, abs=0.01)


def test_whole_interval_is_drawn():
    found = places(ReferencedScore(0.7, 0.5, low=0.6, high=0.8))
    assert found["interval"] == pytest.approx(0.75, abs=0.01)
    assert found["value"] == pytest.approx(0.875, abs=0.01)


@pytest.mark.parametrize("value", [0.0, NAN, float("inf"), 1e300])
def test_all_marks_are_inside_the_bar(value):
    found = places(ReferencedScore(value, 0.0, NAN, NAN))
    assert set(found) >= {"reference"} and all(0 <= at <= 1 for at in found.values())


def test_no_bar_is_drawn_without_a_number():
    assert draw_bar(ReferencedScore(NAN, NAN)) == ""
