"""Dagster's view of the work: assets, checks, jobs, schedules and sensors around the plain steps.

Belongs here: what to run when, and how it is shown. What a delivery is, how it is loaded and what an indicator
means is in the layers below; an asset calls one plain function and reports what it said.
"""
