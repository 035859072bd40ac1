"""Database backend that starts the embedded PostgreSQL when the first connection finds it missing."""
