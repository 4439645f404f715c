"""The house stays as README and the import contracts draw it: sizes, docstrings, imports, map, nothing foreign."""

import ast
import graphlib
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

import house_map

ROOT = Path(__file__).parent.parent
PRODUCT = ("desktop", "sync", "resources", "packaging")
OURS = {"desktop", "sync", "resources", "tests", "stage", "tour", "installing", "house_map"}
# Lines of a file, a class, a function. A test tells a whole story and holds its own table of cases: it gets more.
CEILINGS = {"product": (300, 200, 40), "tests": (500, 300, 80)}
# Spelt so that this file does not hold what it looks for.
FOREIGN = {
    "a path of one machine": re.compile(r"(?<![\w.~}>-])/(?:wor[k]|far[m]|hom[e]/\w|Use[r]s/\w|roo[t]/|tm[p]/)"),
    "a package registry": re.compile(r"pyp[i]\.org|pythonhoste[d]|npmj[s]\.(?:org|com)|--(?:extra-)?index-ur[l]"),
    "a leftover": re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X])\b"),
}


def modules(*folders: str) -> list[Path]:
    """Return all Python files below the folders."""
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def tree_of(file: Path) -> ast.Module:
    """Return the file's syntax tree."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def named(file: Path) -> str:
    """Return the file's path as people write it."""
    return file.relative_to(ROOT).as_posix()


def is_table(tree: ast.Module) -> bool:
    """Return whether the module is a table of data: no function, no class."""
    return not any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in ast.walk(tree))


def too_long(file: Path, of_file: int, of_class: int, of_function: int) -> Iterator[str]:
    """Yield what is longer than its ceiling, in lines."""
    tree = tree_of(file)
    length = len(file.read_text(encoding="utf-8").splitlines())
    if length > of_file and not is_table(tree):
        yield f"{named(file)}: {length} lines"
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            ceiling = of_class if isinstance(node, ast.ClassDef) else of_function
            if lines > ceiling:
                yield f"{named(file)}:{node.lineno} {node.name}: {lines} lines"


def test_nothing_is_longer_than_its_ceiling() -> None:
    found = [line for file in modules(*PRODUCT) for line in too_long(file, *CEILINGS["product"])]
    found += [line for file in modules("tests") for line in too_long(file, *CEILINGS["tests"])]
    assert not found, "\n".join(found)


def test_a_long_function_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    (tmp_path / "long.py").write_text("def f():\n" + "    x = 1\n" * 40)
    assert list(too_long(tmp_path / "long.py", 300, 200, 40)) == ["long.py:1 f: 41 lines"]


def test_every_module_opens_with_its_purpose_in_one_line() -> None:
    found = []
    for file in modules(*PRODUCT, "tests"):
        first = (ast.get_docstring(tree_of(file)) or "").split("\n", 1)[0]
        if not first.endswith((".", "!", "?")) and not first.endswith(("`", ":")):
            found.append(named(file))
    assert not found, "\n".join(found)


def test_no_import_hides_inside_a_function() -> None:
    found = []
    for file in modules(*PRODUCT, "tests"):
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inner = [child for child in ast.walk(node) if isinstance(child, ast.Import | ast.ImportFrom)]
                found += [f"{named(file)}:{child.lineno}" for child in inner]
    assert not found, "\n".join(found)


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = grimp.build_graph("desktop", "sync", "resources", cache_dir=None)
    arrows = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        graphlib.TopologicalSorter(arrows).prepare()
    except graphlib.CycleError as cycle:
        pytest.fail(" -> ".join(reversed(cycle.args[1])), pytrace=False)


def test_readme_draws_the_house_as_it_stands() -> None:
    assert house_map.drawn_in((ROOT / "README.md").read_text(encoding="utf-8")) == house_map.draw(ROOT), (
        "README's map is not the tree's: run `make map`"
    )


def committed() -> list[Path]:
    """Return the files that git keeps."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("what", FOREIGN)
def test_nothing_foreign_is_committed(what: str) -> None:
    found = []
    for file in committed():
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [f"{named(file)}:{n}: {line[:100]}" for n, line in enumerate(lines, 1) if FOREIGN[what].search(line)]
    assert not found, "\n".join(found)


def test_the_lock_names_hashes_and_no_address() -> None:
    text = (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.findall(r"^[a-z0-9-]+==.*(?:\n    --hash=sha256:[0-9a-f]{64}.*)+", text, re.MULTILINE)
    assert len(entries) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) > 50


def test_the_lock_keeps_to_the_project() -> None:
    """Every dependency that pyproject pins exactly has that version in the lock."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    text = (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8").lower()
    pinned = re.findall(r'^    "([A-Za-z0-9._-]+)(?:\[\w+\])?==([0-9.]+)', project, re.MULTILINE)
    missing = [f"{name}=={version}" for name, version in pinned if f"{name.lower()}=={version}" not in text]
    assert not missing, "\n".join(missing)


def imported(*folders: str) -> set[str]:
    """Return the top-level names of all modules that the folders' files import."""
    names = set()
    for file in modules(*folders):
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names - OURS


@pytest.mark.parametrize(
    ("folders", "extras"), [(("desktop", "sync", "resources"), []), (("tests", "packaging"), ["dev"])]
)
def test_every_library_that_is_imported_is_declared(folders: tuple[str, ...], extras: list[str]) -> None:
    """Nothing is used only because another library happens to bring it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["dependencies"] + [line for extra in extras for line in project["optional-dependencies"][extra]]
    declared = {re.split(r"[^A-Za-z0-9._-]", line)[0].lower().replace("_", "-") for line in lines}
    brought = importlib.metadata.packages_distributions()
    found = [
        name
        for name in sorted(imported(*folders))
        if not {dist.lower().replace("_", "-") for dist in brought.get(name, [])} & declared
    ]
    assert not found, "\n".join(found)


def test_packaging_does_not_shadow_the_library_of_that_name() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()
