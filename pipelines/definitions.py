"""What ``dagster dev -m pipelines.definitions`` and ``siprev ui`` load: the definitions of this installation."""

from pipelines.orchestration.build import build_definitions

defs = build_definitions()
