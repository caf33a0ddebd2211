"""Compiles the translations when the kit is built or installed: PO files in, MO files out.

Catalogues are kept as text only; the binary form that gettext reads belongs to no repository.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTranslations(BuildHookInterface):
    """Runs before every build, an editable install included."""

    def initialize(self, version, build_data):
        for po in sorted(Path(self.root, "casemodels", "locale").glob("*/LC_MESSAGES/*.po")):
            compiled = BytesIO()
            write_mo(compiled, read_po(BytesIO(po.read_bytes())))
            po.with_suffix(".mo").write_bytes(compiled.getvalue())
