"""Links and images of an answer: only to hosts that its policy names; no address carries data away."""

from centaure.guardrails.links.check import Links

__all__ = ["Links"]
