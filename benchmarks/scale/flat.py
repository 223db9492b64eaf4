"""Whether a letter costs the same in a small town and in the whole country."""

import statistics
from collections.abc import Iterator

from benchmarks.delivery.table import Target
from benchmarks.scale import morning, peak
from benchmarks.scale.ground import Ground
from benchmarks.scale.worker import site_of

SIZES = (5, 60, 600, 3000)
"""Counties: some 10,000, 100,000, 1,000,000 and 5,000,000 assignments."""
ROUNDS = {5: 9, 60: 5, 600: 3}
WITHIN = 1.25


def measure(ground: Ground, counties: int) -> Iterator[Target]:
    sizes = sorted({*(size for size in SIZES if size < counties), counties})
    print("\nWhat a letter costs, one process")
    print(f"{'items':>12}{'letters':>10}{'CPU ms each':>13}{'ms each':>9}{'peak MB':>9}")
    costs = [_cost(ground, size) for size in sizes]
    words = "processor time of a letter, dearest / cheapest"
    yield Target(words, max(costs) / min(costs), WITHIN, " x", at_most=True)


def _cost(ground: Ground, counties: int) -> float:
    """Milliseconds of processors, the servers' counted in. (The last letters of a morning are waited for
    alone: in a small town, these are all.)"""
    name = ground.country(counties)
    site = site_of(ground.cluster.url(name), ground.folder, 25)
    chosen = peak.find(site)
    site.database.close()
    runs = [morning.whole(ground, name, chosen, 1) for _ in range(ROUNDS.get(counties, 1))]
    cost = statistics.median(1000 * (run.busy or 0) / run.mails for run in runs)
    lasted = statistics.median(1000 / run.rate for run in runs)
    peak_memory = max(run.peak or 0 for run in runs)
    print(
        f"{chosen.items:12,}{runs[0].mails:10,}{cost:13.2f}{lasted:9.2f}{peak_memory:9.0f}",
        flush=True,
    )
    return cost
