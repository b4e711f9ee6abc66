"""Pages of measuring: indicators, monitoring and evaluation, warnings, assessments."""
