"""The sites that lead to the form, as they are set."""

from sync.domain.sites import Site, frame_ancestors, known_sites, site_named
from sync.server.settings import Settings


class Sites:
    """Blocks for a look into the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def named(self, text: str) -> Site | None:
        """The site that an address names with `?site=`; None: none that is known."""
        return site_named(text, known_sites(self._settings.text("form.sites") or ""))

    def frame_ancestors(self) -> str:
        """For the Content-Security-Policy: the sites that may show the form in a frame, or 'none'."""
        return frame_ancestors(self._settings.text("form.frame_ancestors") or "")
