"""`python -m casemodels.cli` is the command line too."""

from casemodels.cli.app import main

main()
