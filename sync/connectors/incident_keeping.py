"""What may be asked of a server about incidents: opened, changed, noted; online only, words are kept until then."""

from typing import Protocol

from sync.domain.incidents import Incident


class IncidentKeeping(Protocol):
    """Optional beside `Connector`. Blocking calls; each raises Offline, Denied, Incompatible, or Rejected with the
    server's sentence."""

    def open_incident(self, client_key: str, incident: Incident) -> str:
        """A new one, once for each key; the id."""
        ...

    def change_incident(self, base: Incident, wanted: Incident) -> None:
        """What differs from `base`; Rejected where somebody else changed the same meanwhile."""
        ...

    def add_note(self, client_key: str, incident_id: str, text: str) -> str:
        """One entry of its internal thread, once for each key; the id."""
        ...
