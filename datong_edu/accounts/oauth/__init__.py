"""The tables of django-oauth-toolkit, made in one step."""
