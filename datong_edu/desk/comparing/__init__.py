"""比对工具: any sheet with numbers or names comes back with what the portal knows of its people."""
