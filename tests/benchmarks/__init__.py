"""Benchmarks: the figures that the system has to reach, measured against committed baselines."""
