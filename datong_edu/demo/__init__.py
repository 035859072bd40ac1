"""The demonstration city: invented rosters, an answer key, and the command that marks the cross-checks."""
