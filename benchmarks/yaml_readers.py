"""Prints how long each way to read front matter takes, beside PyYAML's C loader.

    python benchmarks/yaml_readers.py [--files N] [--rounds N]

It needs an environment in which vtm is installed.
"""

import argparse
import time
from collections.abc import Callable
from statistics import median

import yaml
import yaml12
from backlog import tasks_of
from task_files import task_file

from vtm.sources.front_matter import exact, read_front_matter


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=10_000, help="how many front matters (default 10,000)")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each reader (default 5)")
    options = parser.parse_args()
    texts = [
        task_file(task, number, completed=False).split("---\n", 2)[1]
        for number, task in enumerate(tasks_of(options.files))
    ]
    readers: dict[str, Callable[[str], object]] = {
        "PyYAML, C loader": lambda text: yaml.load(text, Loader=yaml.CSafeLoader),
        "PyYAML, C events, YAML 1.2 (exact)": exact,
        "py-yaml12": yaml12.parse_yaml,
        "py-yaml12 behind a guard (what vtm uses)": read_front_matter,
    }
    taken: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(options.rounds):
        for name, read in readers.items():
            start = time.perf_counter()
            for text in texts:
                read(text)
            taken[name].append(time.perf_counter() - start)
    base = median(next(iter(taken.values())))
    for name, times in taken.items():
        print(f"{name:<42} {median(times) / base:5.2f}")


if __name__ == "__main__":
    main()
