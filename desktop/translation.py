"""The person's language: loading translations, and marking texts that are translated when shown."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Marks `text` for the translation tool, which knows the name, and gives it back as it is."""
    del context
    return text


def translate(context: str, text: str) -> str:
    """`text` in the person's language, where no widget's own `tr` is at hand; the translation tool knows the name."""
    return QCoreApplication.translate(context, text)


def install(application: QApplication, folder: Path, language: str = "") -> list[QTranslator]:
    """Put on Qt's own texts and ours for `language` (the system's if empty). The translators must be kept.

    The direction of writing follows the language, also where no translation is there.
    """
    locale = QLocale(language) if language else QLocale.system()
    if language:
        QLocale.setDefault(locale)
    application.setLayoutDirection(locale.textDirection() or Qt.LayoutDirection.LeftToRight)
    loaded: list[QTranslator] = []
    places = (("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)), ("deskbell", str(folder)))
    for name, place in places:
        translator = QTranslator(application)
        if translator.load(locale, name, "_", place):
            QCoreApplication.installTranslator(translator)
            loaded.append(translator)
    return loaded
