"""Imports go down only, and what is heavy stays where it belongs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = (
    ("errors",),
    (
        *("params", "home", "images", "photo", "large", "tiles", "metrics", "pca", "classical"),
        *("anomaly", "latent", "figures"),
    ),
    ("corruptions", "datasets", "models", "fit"),
    ("recipe", "presets", "published"),
    ("training", "report"),
    ("store", "estimate", "enlargers", "restorers", "restoring", "sweeps"),
    ("engine", "worker"),
    ("commands", "__main__"),
)
FLOOR = {module: floor for floor, modules in enumerate(FLOORS) for module in modules}
ALLOWED = {
    "keras": {"training", "models"},
    "tensorflow": {"training/backend.py"},
    "jax": {"training/backend.py"},
    "plotly": {"figures"},
    "mlxtend": {"datasets"},
    "pandas": {"datasets"},
    "sklearn": {"datasets", "worker/tasks/latent"},
}
SOURCES = sorted((ROOT / "aecore").rglob("*.py"))


def imports(path, everywhere=True):
    """Names of the modules that a file imports; without `everywhere`, only where it is imported itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    guarded = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for child in ast.walk(node)
    }
    nodes = ast.walk(tree) if everywhere else tree.body
    for node in nodes:
        if node in guarded:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def floor_of(path):
    name = path.relative_to(ROOT / "aecore").parts[0].removesuffix(".py")
    return FLOOR.get(name)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
class TestEveryModule:
    def test_stands_on_a_floor(self, path):
        assert path == ROOT / "aecore" / "__init__.py" or floor_of(path) is not None

    def test_imports_from_its_own_floor_or_below(self, path):
        for name in imports(path):
            if name.startswith("aecore.") and floor_of(path) is not None:
                assert FLOOR[name.split(".")[1]] <= floor_of(path), f"{path} imports {name}"

    def test_leaves_streamlit_to_the_pages(self, path):
        assert not [name for name in imports(path) if name.split(".")[0] == "streamlit"]

    def test_names_third_parties_only_where_they_belong(self, path):
        inside = str(path.relative_to(ROOT / "aecore"))
        for name in imports(path):
            places = ALLOWED.get(name.split(".")[0])
            assert places is None or any(inside.startswith(place) for place in places), f"{inside} imports {name}"


def test_the_app_process_never_imports_keras():
    code = (
        "import sys, aecore.recipe, aecore.presets, aecore.store, aecore.engine, aecore.figures;"
        "print([name for name in ('tensorflow', 'keras', 'jax', 'torch') if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT).strip() == "[]"


def test_pages_import_only_streamlit_the_library_and_what_pages_share():
    allowed = {"streamlit", "aecore", "pages"}
    for path in [ROOT / "app.py", *(ROOT / "pages").glob("*/*.py")]:
        if path.parent.name != "ui":
            foreign = {name.split(".")[0] for name in imports(path)} - allowed - set(sys.stdlib_module_names)
            assert not foreign, f"{path} imports {foreign}"
