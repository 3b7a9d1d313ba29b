"""Attacks in what people type: disguises undone, rules, and a small linear model; and the domain."""

from centaure.guardrails.attacks.attack import Attack
from centaure.guardrails.attacks.domain import Domain

__all__ = ["Attack", "Domain"]
