"""How many files this process may have open: every line to a browser and to a kernel counts as one."""

from __future__ import annotations

from contextlib import suppress

ENOUGH_FILES = 65_536


def open_many_files() -> int:
    """Let this process open as many files as the system allows; how many that is."""
    try:
        import resource
    except ImportError:  # Windows counts no files
        return ENOUGH_FILES
    few, many = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH_FILES if many == resource.RLIM_INFINITY else min(many, ENOUGH_FILES)
    if few != resource.RLIM_INFINITY and few < wanted:
        with suppress(OSError, ValueError):  # macOS has one more limit
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, many))
    few, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return ENOUGH_FILES if few == resource.RLIM_INFINITY else few
