"""The leak crawl: every address, asked by every office with everybody's rows, and every answer searched."""
