"""A methodology and training kit for case managers in social work."""

__all__ = [
    "caseload",
    "claims",
    "conferences",
    "eligibility",
    "facts",
    "models",
    "plans",
    "principles",
    "process",
    "recommendation",
    "records",
    "services",
    "teams",
]
__version__ = "0.4.0"
