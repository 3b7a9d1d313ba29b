"""Embedding in process: time of one text and nearness of int8 vectors to those of float32.

make bench NAME=embedding PASS="[FOLDER]": the folder of a model, by default the English MiniLM. The texts are
passages of the documentation of this repository, 150 words each, one thread.
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from centaure.knowledge.retrieval.onnx import OnnxModel, OnnxOptions, minilm_folder

ROOT = Path(__file__).parents[1]
WORDS = 150
ROUNDS = 3


def passages() -> list[str]:
    """The documentation, cut."""
    texts: list[str] = []
    for path in sorted(ROOT.glob("docs/**/*.md")):
        words = path.read_text(encoding="utf-8").split()
        texts += [" ".join(words[at : at + WORDS]) for at in range(0, len(words), WORDS)]
    return texts


def main() -> None:
    """Measure, and print."""
    folder = Path(sys.argv[1]) if sys.argv[1:] else minilm_folder()
    texts = passages()
    print(f"{folder.name}: {len(texts)} passages of at most {WORDS} words")
    vectors: dict[str, np.ndarray] = {}
    with tempfile.TemporaryDirectory() as made:
        for precision in ("float32", "int8"):
            options = OnnxOptions(precision=precision)
            times: list[float] = []
            for what in ("made and loaded", "loaded again"):
                started = time.perf_counter()
                model = OnnxModel(folder, options, Path(made))
                model.embed_question("Centaure")
                print(f"{precision}: {what} in {time.perf_counter() - started:.2f} s")
            for _ in range(ROUNDS):
                started = time.perf_counter()
                vectors[precision] = np.array(model.embed_passages(texts))
                times.append((time.perf_counter() - started) / len(texts))
            print(f"{precision}: {min(times) * 1000:.1f} ms a passage, the best of {ROUNDS} rounds")
    cosines = np.sum(vectors["float32"] * vectors["int8"], axis=1)
    print(f"cosine of int8 and float32: mean {cosines.mean():.4f}, least {cosines.min():.4f}")


if __name__ == "__main__":
    main()
