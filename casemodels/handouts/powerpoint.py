"""The look of the kit's slides: pandoc's own reference presentation, in the house's colours and sizes."""

from __future__ import annotations

from functools import cache

from casemodels.handouts.pandoc import default_file, undated

INK, QUIET, ACCENT, PALE = "1D2B2D", "485A5C", "0B5C63", "EEF2F2"
#: What is replaced in which part; what a later pandoc no longer has stays as pandoc made it.
_CHANGES = {
    "ppt/theme/theme1.xml": (
        ('<a:sysClr val="windowText" lastClr="000000"/>', f'<a:srgbClr val="{INK}"/>'),
        ("1F497D", QUIET), ("EEECE1", PALE), ("4F81BD", ACCENT), ("0000FF", ACCENT), ("800080", ACCENT),
    ),
    "ppt/slideMasters/slideMaster1.xml": (
        # Titles stand on the left, in bold, and may have two lines; text is a little smaller than pandoc's.
        ('rtlCol="0" anchor="ctr"><a:normAutofit/>', 'rtlCol="0" anchor="b"><a:normAutofit/>'),
        ('<p:titleStyle><a:lvl1pPr algn="ctr"', '<p:titleStyle><a:lvl1pPr algn="l"'),
        ('<a:defRPr sz="3300" kern="1200"><a:solidFill><a:schemeClr val="tx1"/>', '<a:defRPr sz="2600" b="1" kern="1200"><a:solidFill><a:schemeClr val="accent1"/>'),
        ('<a:defRPr sz="2400" kern="1200">', '<a:defRPr sz="2000" kern="1200">'),
        ('<a:defRPr sz="1800" kern="1200">', '<a:defRPr sz="1400" kern="1200">'),
    ),
    "ppt/presentation.xml": (('sz="1800"', 'sz="1400"'),),
    "ppt/slideLayouts/slideLayout1.xml": (
        # The title slide: title above, aim below, both on the left.
        ('<a:off x="685800" y="1597819"/><a:ext cx="7772400" cy="1102519"/>', '<a:off x="457200" y="1100000"/><a:ext cx="8229600" cy="1300000"/>'),
        ('<a:off x="1371600" y="2914650"/><a:ext cx="6400800" cy="1314450"/>', '<a:off x="457200" y="2500000"/><a:ext cx="8229600" cy="1750000"/>'),
        ('<a:schemeClr val="tx1"><a:tint val="75000"/></a:schemeClr>', '<a:schemeClr val="tx2"/>'),
        ('algn="ctr"', 'algn="l"'), ('anchor="ctr"', 'anchor="b"'),
    ),
}  # fmt: skip


@cache
def reference() -> bytes:
    """The reference presentation. The same bytes each time, so that slides can be made again."""
    return undated(default_file("reference.pptx"), _changed)


def _changed(name: str, part: bytes) -> bytes:
    for before, after in _CHANGES.get(name, ()):
        part = part.replace(before.encode(), after.encode())
    return part
