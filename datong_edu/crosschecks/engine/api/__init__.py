"""Findings in the API; read only."""
