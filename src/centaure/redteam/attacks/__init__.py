"""What is tried: seeds written for this project, ways to disguise them, and the scene they are played in."""

from centaure.redteam.attacks.cases import Case, cases
from centaure.redteam.attacks.mutators import MUTATORS, PLAIN
from centaure.redteam.attacks.scene import Scene
from centaure.redteam.attacks.seeds import FAMILIES, Seed, seeds

__all__ = ["FAMILIES", "MUTATORS", "PLAIN", "Case", "Scene", "Seed", "cases", "seeds"]
