"""Tests that join several packages, or run the command line."""
