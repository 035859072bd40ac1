"""How fast the portal is, measured on invented rows in a scratch database.

Machines differ and swing, so the figures that count are ratios to a peer within one run: an import written
with django-import-export, and one with openpyxl and `bulk_create`.  What is measured is the portal's own
path, sealing of personal fields and history of the ledgers included.
"""
