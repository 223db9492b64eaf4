"""Names that would shadow a module elsewhere."""

import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]


def names_in(folder: Path) -> set[str]:
    return {entry.stem for entry in folder.iterdir() if entry.suffix == ".py" or entry.is_dir()}


def test_calendar_holds_no_python():
    """A package of that name would shadow the standard library's."""
    assert (ROOT / "calendar").is_dir()
    assert list((ROOT / "calendar").rglob("*.py")) == []


def test_no_file_in_flows_shadows_a_module():
    """Prefect puts the folder of a flow's file on the import path, before everything else."""
    rooms = {folder.name for folder in ROOT.iterdir() if folder.is_dir()}
    taken = rooms | set(packages_distributions()) | sys.stdlib_module_names

    ours = names_in(ROOT / "flows") - {"__init__", "__pycache__"}

    assert ours & taken == set()
