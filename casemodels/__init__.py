"""A methodology and training kit for case managers in social work."""

__all__ = ["claims", "eligibility", "facts", "models"]
__version__ = "0.1.0"
