"""How well the guardrails do, each part by its own program; no model, no network.

    PYTHONPATH=src python benchmarks/guardrails.py [PART ...]

Parts are the files benchmarks/guardrails_PART.py; without a name, all of them are run.
"""

import subprocess
import sys
from pathlib import Path

BESIDE = Path(__file__).parent


def main() -> None:
    """Run the parts that are named, or all."""
    parts = {
        one.stem.removeprefix("guardrails_"): one for one in sorted(BESIDE.glob("guardrails_*.py"))
    }
    chosen = sys.argv[1:] or list(parts)
    if unknown := [name for name in chosen if name not in parts]:
        sys.exit(f"There is no part named {unknown[0]}. They are {', '.join(parts)}.")
    for name in chosen:
        print(f"== {name}", flush=True)
        subprocess.run([sys.executable, str(parts[name])], check=True)


if __name__ == "__main__":
    main()
