"""The base books in the API: schools, persons, enrolments; read only."""
