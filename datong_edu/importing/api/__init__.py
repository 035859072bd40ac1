"""Imports in the API: the same batches, actions and jobs as on the screen."""
