"""Tests: they mirror the packages (unit), and hold them to their contracts, layers and figures."""
