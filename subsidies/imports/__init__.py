"""Rosters of the aid ledgers, found by autodiscovery: rolls of pupils, loans, batches and bank files."""

from subsidies.imports import bank, loans, rolls, senior

__all__ = ["bank", "loans", "rolls", "senior"]
