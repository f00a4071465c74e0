"""What was backed up, known to the writer alone, and which landed bytes were removed and why: schema ``meta``."""

from __future__ import annotations

from warehouse.declarations.meta import SOURCE
from warehouse.declared import RESTRICTED, Column, Table

BACKUP = Table(
    "meta",
    "backup",
    "Backups that were made, so that those can be found that hold data for longer than was agreed",
    (
        Column("backup_id", "INTEGER", "Sequential number", required=True),
        Column("made_at", "TIMESTAMP", "When it was begun, UTC", required=True),
        Column("actor", "VARCHAR", "Person who made it", required=True),
        Column("folder", "VARCHAR", "Folder in which it was written", required=True),
        Column("batch_id", "INTEGER", "Last batch when it was begun; 0 before the first", required=True),
    ),
    key=("backup_id",),
    database=RESTRICTED,
)

REMOVAL = Table(
    "meta",
    "removal",
    "Landed bytes that were removed; what was loaded from them stays",
    (
        Column("source_id", "VARCHAR", "Source", required=True),
        Column("delivery_id", "INTEGER", "Delivery", required=True),
        Column("removed_at", "TIMESTAMP", "When, UTC", required=True),
        Column("actor", "VARCHAR", "Person who removed them", required=True),
        Column("reason", "VARCHAR", "Why: the retention that the source's agreement states", required=True),
    ),
    key=("delivery_id",),
)

#: SQL of the years for which each source's agreement lets its data be kept; NULL where it states none.
RETENTION = f"""(
    SELECT source_id, CAST((declares ->> '$.agreement.retention_years') AS INTEGER) AS years
    FROM {SOURCE.path} WHERE valid_to IS NULL
)"""

TABLES = (REMOVAL,)
RESTRICTED_TABLES = (BACKUP,)
