"""Pictures as SVG from typed data: an ecomap and a timeline, each with the same in words."""

from casemodels.pictures.ecomap import ecomap
from casemodels.pictures.timeline import timeline

__all__ = ["ecomap", "timeline"]
