"""Cross-checks: doubts that only show when the books of several rooms are laid side by side."""
