"""The shipped typeface, and fonts made from it by size and weight."""

from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

FAMILIES = ["Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans"]
_FACES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "Inter-Bold.otf")

REGULAR = QFont.Weight.Normal
MEDIUM = QFont.Weight.Medium
SEMI_BOLD = QFont.Weight.DemiBold
BOLD = QFont.Weight.Bold


def load_faces(folder: Path) -> bool:
    """Make the shipped faces known; False if one could not be read, then the next family steps in."""
    return all(QFontDatabase.addApplicationFont(str(folder / face)) >= 0 for face in _FACES)


def font_of(pixels: int, weight: QFont.Weight = REGULAR) -> QFont:
    """A font of `pixels` height; figures all equally wide, so that clocks and counts do not jump."""
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
