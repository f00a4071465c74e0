"""Everything that Dagster shows, built from what discovery finds; tests replace the parts."""

import warnings
from collections.abc import Sequence

import dagster as dg

from exports import partner as partners
from exports.partner import Partner
from indicators import catalogue as definitions
from indicators.catalogue import Catalogue
from pipelines import settings as settings_module
from pipelines.orchestration import checks, deliveries, jobs, publication, sensors, values
from pipelines.orchestration.installation import Clock, Installation
from pipelines.settings import Settings
from sources.kit import discovery
from sources.kit.discovery import Source


def build_definitions(
    settings: Settings | None = None,
    sources: Sequence[Source] | None = None,
    catalogue: Catalogue | None = None,
    recipients: Sequence[Partner] | None = None,
    clock: Clock | None = None,
) -> dg.Definitions:
    """Assets, checks, jobs, schedules and the sensor.

    Args:
        settings: Home folder, source directories, actor and bounds; those of the environment by default.
        sources: The sources; all that discovery finds by default.
        catalogue: The indicators shown; the system's own by default.
        recipients: The partners; all declared ones by default.
        clock: What time it is.

    Raises:
        Misuse: A declaration of a source, indicator or partner does not load; nothing is left out silently.
    """
    installation = Installation.of(settings or settings_module.read(), clock)
    found = list(discovery.load_all(installation.settings.sources) if sources is None else sources)
    defined = catalogue or definitions.load()
    with warnings.catch_warnings():
        # the policy of backfills may change in a later version of Dagster; ours is pinned
        warnings.simplefilter("ignore", dg.BetaWarning)
        delivered = [deliveries.asset(installation, source) for source in found]
    computed = values.asset(installation, defined, found)
    snapshot = publication.snapshot_asset(installation, _ends(defined, found))
    exported = [publication.export_asset(installation, p) for p in _recipients(recipients)]
    fetched = [deliveries.key(s.id) for s in found if s.specification.fetch]
    downstream = [key for part in (computed, snapshot, *exported) for key in sorted(part.keys)]
    return dg.Definitions(
        assets=[*delivered, computed, snapshot, *exported],
        asset_checks=[checks.asset_checks(installation, source) for source in found],
        jobs=[jobs.MONTHLY, jobs.CHECKS, jobs.forget_old_runs],
        schedules=jobs.schedules(fetched, downstream),
        sensors=[sensors.inbox_sensor(installation, found, downstream)],
        executor=jobs.EXECUTOR,
    )


def _ends(defined: Catalogue, sources: Sequence[Source]) -> list[dg.AssetKey]:
    """What the snapshot follows directly: the indicators, and the sources that no indicator is made from."""
    used = {source_id for i in defined.indicators for source_id in values.inputs(i, sources)}
    return [
        *(values.key(i.id) for i in defined.indicators),
        *(deliveries.key(s.id) for s in sources if s.id not in used),
    ]


def _recipients(recipients: Sequence[Partner] | None) -> Sequence[Partner]:
    return [partners.load(name) for name in partners.names()] if recipients is None else recipients
