"""A service of language models that is none: OpenAI's interface over real HTTP, with faults on demand."""

from centaure.gateway.simulation.behaviour import MEANINGS, Behaviour, Fault
from centaure.gateway.simulation.server import SimulatedService, simulated_service

__all__ = ["MEANINGS", "Behaviour", "Fault", "SimulatedService", "simulated_service"]
