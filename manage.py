#!/usr/bin/env python
"""Command line of the portal; works by itself after ./run setup."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "datong_edu.settings.dev")
    execute_from_command_line(sys.argv)
