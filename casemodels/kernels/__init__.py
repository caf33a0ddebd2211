"""Kernels that are forked from a warm process: they start at once and share most of their memory."""

from casemodels.kernels.provisioner import NAME, ForkProvisioner
from casemodels.kernels.warming import warm_process

#: What the kernels of the kit have in common is loaded by these functions.
PREPARED = ("casemodels.kernels.of_the_kit:prepare",)

__all__ = ["NAME", "PREPARED", "ForkProvisioner", "warm_process"]
