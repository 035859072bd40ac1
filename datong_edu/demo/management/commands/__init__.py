"""seed_city and score_city."""
