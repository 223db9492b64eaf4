"""However a file was made to hurt, reading it takes little memory and ends with faults."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.sites import write_site
from tests.sitting import REPOSITORY

CODE = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (256 << 20, 256 << 20))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
from adapters.files import read_site
text = sys.stdin.read()
faults = read_site(Path(sys.argv[1]), {"calendar/offices/cq/2026.yaml": text}).faults
print(len(faults), faults[0])
"""
BOMBS = {
    "billion laughs": "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"{after}: &{after} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "deep lists": "activities: " + "[" * 400_000 + "]" * 400_000,
    "deep mappings": "{a: " * 200_000 + "1" + "}" * 200_000,
    "deep blocks": "\n".join(" " * n + "a:" for n in range(1_400)),
    "many entries": "activities:\n" + "- x\n" * 240_000,
    "many keys": "".join(f"k{n}: x\n" for n in range(90_000)),
    "anchors": "".join(f"k{n}: &a{n} x\n" for n in range(50_000)),
    "10 MB": "x: " + "y" * 10_000_000,
    "10 MB of lines": "x: y\n" * 2_000_000,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_told_as_a_fault_in_less_than_256_mb(bomb: str, tmp_path: Path) -> None:
    home = write_site(tmp_path)

    done = subprocess.run(
        [sys.executable, "-c", CODE, str(home)],
        input=bomb.encode(),
        capture_output=True,
        cwd=REPOSITORY,
        check=False,
    )

    assert done.returncode == 0, done.stderr.decode()[-500:]
    assert "calendar/offices/cq/2026.yaml" in done.stdout.decode()
