"""Mending a checked batch: cells typed on the screen, answers for all rows of a cause, and carrying on."""
