"""The widgets that notebooks call, in JupyterLab and as web apps alike."""

from casemodels.widgets.walk import Walk, walk_a_case

__all__ = ["Walk", "walk_a_case"]
