"""Words for tool tips and questions, which Qt takes for markup where they look like it."""

from html import escape

from PySide6.QtGui import Qt


def plain_tip(text: str) -> str:
    """The same words, shown as they are written."""
    return f"<span style='white-space: pre-wrap'>{escape(text)}</span>" if Qt.mightBeRichText(text) else text
