"""Servers for tests, started and stopped by them: a PostgreSQL of the machine, and a web server that misbehaves."""
