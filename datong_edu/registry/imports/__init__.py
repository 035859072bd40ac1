"""Rosters of the base books, found by autodiscovery: registers, lists of pupils, and proofs."""

from datong_edu.registry.imports import proofs, pupils, registers

__all__ = ["proofs", "pupils", "registers"]
