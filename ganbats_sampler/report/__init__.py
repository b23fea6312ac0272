"""The quality report, which shows whether to trust synthetic series."""

from ganbats_sampler.report.assessment import ClassQuality
from ganbats_sampler.report.metrics import REPORT_METRICS, ReportMetric
from ganbats_sampler.report.quality import QualityReport, quality_report

__all__ = ["REPORT_METRICS", "ClassQuality", "QualityReport", "ReportMetric", "quality_report"]
