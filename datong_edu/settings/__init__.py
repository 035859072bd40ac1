"""Settings: base is shared, dev serves ./run, test serves pytest, prod serves the city's servers."""
