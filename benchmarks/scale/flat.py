"""Whether a letter costs the same in a small town and in the whole country."""

import statistics
from collections.abc import Iterator

from benchmarks.delivery.table import Target
from benchmarks.scale import morning, peak
from benchmarks.scale.ground import Ground
from benchmarks.scale.worker import site_of

SIZES = (5, 60, 600, 3000)
"""Counties: some 10,000, 100,000, 1,000,000 and 5,000,000 assignments."""
ROUNDS = {5: 7, 60: 3}
WITHIN = 1.25


def measure(ground: Ground, counties: int) -> Iterator[Target]:
    sizes = sorted({*(size for size in SIZES if size < counties), counties})
    print(
        f"\nWhat a letter costs, one process\n{'items':>12}{'letters':>10}{'ms a letter':>13}{'peak MB':>9}"
    )
    costs = [_cost(ground, size) for size in sizes]
    yield Target(
        "cost of a letter, dearest / cheapest", max(costs) / min(costs), WITHIN, " x", at_most=True
    )


def _cost(ground: Ground, counties: int) -> float:
    """Milliseconds."""
    name = ground.country(counties)
    site = site_of(ground.cluster.url(name), ground.folder, 25)
    chosen = peak.find(site)
    site.database.close()
    runs = [morning.whole(ground, name, chosen, 1) for _ in range(ROUNDS.get(counties, 1))]
    cost = statistics.median(1000 / run.rate for run in runs)
    peak_memory = max(run.peak or 0 for run in runs)
    print(f"{chosen.items:12,}{runs[0].mails:10,}{cost:13.2f}{peak_memory:9.0f}", flush=True)
    return cost
