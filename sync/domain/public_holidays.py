"""Public holidays of a country or a part of it, by day (the library `holidays`; PRODUCT E6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import holidays


def public_holidays(place: str) -> Callable[[date], str | None]:
    """The name of a day's public holiday there, None on other days. `place`: ISO 3166, such as DE or DE-BY.

    Raises ValueError with a sentence where there is no such place.
    """
    country, _, part = place.strip().upper().partition("-")
    try:
        known = holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        raise ValueError(
            f"The holidays of {place} are not known. Write a country like DE, or a part of it like DE-BY."
        ) from None

    def name_of(day: date) -> str | None:
        name = known.get(day)
        return None if name is None else str(name)

    return name_of
