"""The quality report: whether to trust generated series."""

from ganbats_sampler.report.quality import ClassQuality, Figure, QualityReport, quality_report

__all__ = ["ClassQuality", "Figure", "QualityReport", "quality_report"]
