"""Draw README's map of the house: one line per module, taken from the modules' own first lines."""

import ast
import sys
from pathlib import Path

BEGIN = "<!-- map:begin (made by `make map`) -->"
END = "<!-- map:end -->"
FOLDERS = ("desktop", "sync", "resources", "packaging", "tests")
# The rest of tests/ mirrors the tree above; drawing it twice helps nobody.
_TESTS_DRAWN = ("tests", "tests/rigs", "tests/simulation", "tests/contract", "tests/e2e", "tests/bench")
_WIDTH = 32


def purpose(file: Path) -> str:
    """Return the first line of the module's docstring, empty where it has none."""
    docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return docstring.split("\n", 1)[0]


def draw(root: Path) -> str:
    """Return the map as Markdown."""
    lines = ["```"]
    for name in FOLDERS:
        for folder in sorted({file.parent for file in (root / name).rglob("*.py")} | {root / name}):
            shown = folder.relative_to(root).as_posix()
            if name == "tests" and shown not in _TESTS_DRAWN:
                continue
            lines += _folder(folder, shown)
    return "\n".join([*lines, "```"])


def _folder(folder: Path, shown: str) -> list[str]:
    """Return the folder's own line and one for each of its modules."""
    package = folder / "__init__.py"
    lines = [f"{shown}/".ljust(_WIDTH) + (purpose(package) if package.exists() else "")]
    for file in sorted(folder.glob("*.py")):
        if file != package:
            lines.append(f"  {file.name}".ljust(_WIDTH) + purpose(file))
    return [line.rstrip() for line in lines]


def drawn_in(readme: str) -> str:
    """Return the map that stands in the text, without its markers; empty where there is none."""
    return readme.partition(BEGIN)[2].partition(END)[0].strip()


def replaced(readme: str, drawing: str) -> str:
    """Return the text with the map put between its markers; raises ValueError without them."""
    if BEGIN not in readme or END not in readme:
        raise ValueError("README.md has lost the markers of its map: put them back.")
    head, _, rest = readme.partition(BEGIN)
    return f"{head}{BEGIN}\n{drawing}\n{END}{rest.partition(END)[2]}"


def main() -> int:
    """Write the map into README.md; returns the exit code."""
    root = Path(__file__).resolve().parent.parent
    readme = root / "README.md"
    text = readme.read_text(encoding="utf-8")
    readme.write_text(replaced(text, draw(root)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
