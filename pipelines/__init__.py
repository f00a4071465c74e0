"""Joining the layers: settings, steps as plain functions, the command line, and the orchestration by Dagster."""
