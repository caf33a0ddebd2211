"""Kernels that are forked from a warm process: they start at once and share most of their memory."""

from casemodels.kernels.provisioner import NAME, ForkProvisioner

__all__ = ["NAME", "ForkProvisioner"]
