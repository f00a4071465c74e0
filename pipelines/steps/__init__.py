"""The steps of the work as plain functions that join the layers; the command line and Dagster both call them."""
