"""Schema ``meta``: what was delivered, when, by whom, with what result, and which slices hold."""

from __future__ import annotations

from schemas.compile import ACCOUNT
from warehouse.declared import VALIDITY, Column, Table

EVENTS = ACCOUNT

SCHEMA_VERSION = Table(
    "meta",
    "schema_version",
    "Numbered migrations of this file, each applied once",
    (
        Column(
            "version",
            "INTEGER",
            "Number of the migration; the greatest is the version of the file",
            required=True,
        ),
        Column("applied_at", "TIMESTAMP", "When it was applied, UTC", required=True),
    ),
    key=("version",),
)

FINGERPRINT = Table(
    "meta",
    "fingerprint",
    "SHA-256 of what the file was last brought into line with: its structure, code lists and reference areas",
    (
        Column("name", "VARCHAR", "What the fingerprint is of", required=True),
        Column("sha256", "VARCHAR", "SHA-256 of its content", required=True),
    ),
    key=("name",),
)

BATCH = Table(
    "meta",
    "batch",
    "One batch of work (ingest, compute, run): the unit of history; every state of the warehouse is as of a batch",
    (
        Column("batch_id", "INTEGER", "Sequential number", required=True),
        Column("kind", "VARCHAR", "Kind of work: ingest, compute, run", required=True),
        Column("actor", "VARCHAR", "Person who started it", required=True),
        Column("started_at", "TIMESTAMP", "Start, UTC", required=True),
        Column("committed_at", "TIMESTAMP", "End, UTC; NULL while it runs"),
        Column("software_version", "VARCHAR", "Version of the system that did the work"),
        Column("catalogue_version", "VARCHAR", "Version of the indicator catalogue in use"),
        Column(
            "interrupted", "BOOLEAN", "The process ended before the batch did; what it had committed holds"
        ),
    ),
    key=("batch_id",),
)

SOURCE = Table(
    "meta",
    "source",
    "What a source declared about itself, as it was used in each batch",
    (
        Column("source_id", "VARCHAR", "Identifier of the source", required=True),
        *VALIDITY,
        Column("title", "VARCHAR", "Title of the source"),
        Column("country", "VARCHAR", "Country, ISO 3166-1 alpha-3"),
        Column("record_type", "VARCHAR", "Record type that its records become"),
        Column("source_type", "VARCHAR", "Kind of institution: police, prosecution, vital registration, ..."),
        Column("specification_version", "VARCHAR", "SHA-256 of the source's declarations"),
        Column("declares", "VARCHAR", "The source's declaration as JSON"),
    ),
)

_ACCOUNTS = (
    Column("rows_delivered", "BIGINT", "Rows of the file after its header"),
    Column("rows_unreadable", "BIGINT", "Rows that could not be split into columns"),
    Column("rows_excluded", "BIGINT", "Rows left out for a declared reason, such as totals and footers"),
    Column("rows_mapped", "BIGINT", "Rows that were mapped to records"),
    Column("records_made", "BIGINT", "Records made from the mapped rows"),
    Column("records_loaded", "BIGINT", "Records loaded into the facts"),
    Column("records_quarantined", "BIGINT", "Records that broke a rule and went to quarantine"),
    Column("records_excluded", "BIGINT", "Records left out for a declared reason"),
    Column("events_made", EVENTS, "Sum of the counts of the records made"),
    Column("events_loaded", EVENTS, "Sum of the counts of the records loaded"),
    Column("events_quarantined", EVENTS, "Sum of the counts of the records in quarantine"),
    Column("events_excluded", EVENTS, "Sum of the counts of the records excluded"),
    Column(
        "repeated_rows", "BIGINT", "Rows equal to another row of a source without a key; they are all loaded"
    ),
)

DELIVERY = Table(
    "meta",
    "delivery",
    "One delivery: a file of a source, where it came from, and the account of what became of its rows and records",
    (
        Column("delivery_id", "INTEGER", "Sequential number", required=True),
        Column("batch_id", "INTEGER", "Batch in which it was judged", required=True),
        Column("source_id", "VARCHAR", "Source that delivered", required=True),
        Column("layout", "VARCHAR", "Layout of the source that fitted the file"),
        Column("file_name", "VARCHAR", "Name of the file as it was delivered"),
        Column("sha256", "VARCHAR", "SHA-256 of the delivered bytes"),
        Column("size_bytes", "BIGINT", "Number of bytes delivered"),
        Column("received_at", "TIMESTAMP", "When the bytes were landed, UTC"),
        Column("received_by", "VARCHAR", "Person who handed the file in"),
        Column("specification_version", "VARCHAR", "SHA-256 of the declarations by which it was read"),
        Column("edition_date", "DATE", "Date of the edition that the provider states; orders deliveries"),
        Column("period_start", "DATE", "First day that the delivery reports about"),
        Column("period_end", "DATE", "Last day that the delivery reports about"),
        Column("cutoff_date", "DATE", "Day up to which the provider's register is included"),
        Column(
            "status",
            "ENUM('loaded', 'refused')",
            "Whether anything of it was loaded into the facts",
            required=True,
        ),
        Column("refusal_code", "VARCHAR", "Why it was refused"),
        Column("refusal_message", "VARCHAR", "The message that the person got"),
        *_ACCOUNTS,
        Column(
            "corrections_version",
            "VARCHAR",
            "SHA-256 of the corrections declared for the file, also of those that it did not need; NULL for none",
        ),
        Column(
            "retries", "INTEGER", "Delivery whose landed bytes these are, judged anew; NULL for all others"
        ),
    ),
    key=("delivery_id",),
)

REPETITION = Table(
    "meta",
    "repetition",
    "The same bytes of the same source again: all that such a repetition writes",
    (
        Column("delivery_id", "INTEGER", "Delivery that brought the bytes first", required=True),
        Column("batch_id", "INTEGER", "Batch in which they came again; NULL where nothing else was done"),
        Column("seen_at", "TIMESTAMP", "When they came again, UTC", required=True),
        Column("seen_by", "VARCHAR", "Person who handed them in"),
        Column("file_name", "VARCHAR", "Name that the file had this time"),
    ),
)

_OF_DELIVERY = Column("delivery_id", "INTEGER", "Delivery", required=True)

EXCLUSION = Table(
    "meta",
    "exclusion",
    "Rows and records of a delivery that were left out, by declared reason",
    (
        _OF_DELIVERY,
        Column(
            "level", "ENUM('row', 'record')", "Whether whole rows or records made from rows", required=True
        ),
        Column("reason", "VARCHAR", "Declared reason", required=True),
        Column("n", "BIGINT", "How many", required=True),
        Column("events", EVENTS, "Sum of their counts; NULL for whole rows"),
    ),
)

EVENTS_BY_PERIOD = Table(
    "meta",
    "events_by_period",
    "Sum of the counts of a delivery's records by the month (or the slice's period) that they report about",
    (
        _OF_DELIVERY,
        Column("period", "DATE", "First day of the month or period; NULL where a record tells none"),
        Column("made", EVENTS, "In the records made", required=True),
        Column("loaded", EVENTS, "In the records loaded", required=True),
        Column("quarantined", EVENTS, "In the records in quarantine", required=True),
        Column("excluded", EVENTS, "In the records excluded", required=True),
    ),
)

CONTROL_TOTAL = Table(
    "meta",
    "control_total",
    "Totals that a provider states in its file, beside what was read",
    (
        _OF_DELIVERY,
        Column("name", "VARCHAR", "What is totalled", required=True),
        Column("expected", "DOUBLE", "Total that the file states", required=True),
        Column("found", "DOUBLE", "Sum of the records read", required=True),
    ),
)

CORRECTION = Table(
    "meta",
    "correction",
    "Values of a delivery that were corrected before it was mapped, as the source declares it",
    (
        _OF_DELIVERY,
        Column("name", "VARCHAR", "Name of the correction", required=True),
        Column("digest", "VARCHAR", "SHA-256 of all that the correction says", required=True),
        Column(
            "row_number", "BIGINT", "Position of the record, 1 = first record after the header", required=True
        ),
        Column("column_name", "VARCHAR", "Column of the file", required=True),
        Column(
            "old_value",
            "VARCHAR",
            "What the provider sent; NULL where the column is an identifier or restricted",
        ),
        Column("new_value", "VARCHAR", "What it was corrected to; NULL as for old_value"),
        Column(
            "reason", "VARCHAR", "How it is known that the value is wrong, and what is right", required=True
        ),
        Column("reporter", "VARCHAR", "Who reported it", required=True),
        Column("reported_on", "DATE", "When it was reported", required=True),
    ),
)

PART = Table(
    "meta",
    "part",
    "Tables of a delivery that were joined to its leading one, and what became of their rows",
    (
        _OF_DELIVERY,
        Column("name", "VARCHAR", "Name of the table in the source's declaration", required=True),
        Column("rows_delivered", "BIGINT", "Rows of the table", required=True),
        Column("rows_unreadable", "BIGINT", "Rows that could not be split into columns", required=True),
        Column("rows_joined", "BIGINT", "Rows that the keys of the leading table found", required=True),
        Column(
            "rows_repeated",
            "BIGINT",
            "Rows that share their key with another row: neither is taken",
            required=True,
        ),
        Column("rows_unused", "BIGINT", "Rows that no row of the leading table asked for", required=True),
    ),
)

RULE_RESULT = Table(
    "meta",
    "rule_result",
    "Result of every rule on a delivery",
    (
        _OF_DELIVERY,
        Column("rule_code", "VARCHAR", "Code of the rule", required=True),
        Column(
            "severity", "VARCHAR", "row: its records went to quarantine; warn: they were loaded and counted"
        ),
        Column("n_judged", "BIGINT", "Records judged; a sample of them where a rule says so", required=True),
        Column("n_broken", "BIGINT", "Records that broke the rule", required=True),
        Column(
            "scope",
            "VARCHAR",
            "What the rule looks at: row, one record; delivery, all of it; reference, what is loaded already",
        ),
        Column("raised", "BOOLEAN", "Whether more records broke it than it tolerates: a person should look"),
        Column(
            "tolerated",
            "DOUBLE",
            "Share of the judged records that it tolerates; NULL where it tolerates none",
        ),
    ),
)

_SLICE = (
    Column("source_id", "VARCHAR", "Source", required=True),
    Column("period", "DATE", "First day of the slice's period, at the source's cadence"),
    Column("area", "VARCHAR", "Area of the slice; NULL where the source does not deliver by area"),
)

SLICE_VERSION = Table(
    "meta",
    "slice_version",
    "Every version of every slice: what one delivery said of one source, period and area, and in which batches it held",
    (
        Column("slice_version", "INTEGER", "Sequential number; the facts carry it", required=True),
        _SLICE[0],
        Column("record_type", "VARCHAR", "Record type of the slice's facts", required=True),
        *_SLICE[1:],
        Column("edition_date", "DATE", "Date of the delivery's edition"),
        _OF_DELIVERY,
        Column("batch_id", "INTEGER", "Batch that loaded it", required=True),
        Column("valid_from", "INTEGER", "First batch in which it holds", required=True),
        Column(
            "valid_to",
            "INTEGER",
            "First batch in which it no longer holds; NULL while it is current; equal to valid_from where an older "
            "edition arrived late and was never current",
        ),
        Column("n_records", "BIGINT", "Records loaded", required=True),
        Column("events", EVENTS, "Sum of their counts", required=True),
        Column(
            "key_version",
            "INTEGER",
            "Version of the master key under which its identifiers were hashed; hashes and references of two versions "
            "cannot be compared; 0: the published key of made-up data; NULL: it has none",
        ),
        Column(
            "rekeys",
            "INTEGER",
            "Version of the slice whose records these are, hashed anew under another master key; NULL for all others",
        ),
    ),
    key=("slice_version",),
)

KEY_EVENT = Table(
    "meta",
    "key_event",
    "What happened to the master keys: only ever added to, and never a key itself",
    (
        Column("batch_id", "INTEGER", "Batch", required=True),
        Column("happened_at", "TIMESTAMP", "When, UTC", required=True),
        Column("actor", "VARCHAR", "Person", required=True),
        Column(
            "event",
            "ENUM('first_used', 'rotation_asked', 'rotated', 'rotation_completed')",
            "first_used: identifiers were hashed under a master key for the first time; rotation_asked: a first person "
            "asked for a new one; rotated: a second person did it, all that is current is hashed under the new one; "
            "rotation_completed: landed bytes are sealed by it too, and the old one is needed no more",
            required=True,
        ),
        Column("key_version", "INTEGER", "Version of the master key", required=True),
        Column("mark", "VARCHAR", "What tells this key from another of the same version", required=True),
        Column("slices", "INTEGER", "Slices that were hashed anew"),
        Column(
            "slices_unlinked", "INTEGER", "Those of them without landed bytes, which have no hash any more"
        ),
    ),
)

SLICE_NOTE = Table(
    "meta",
    "slice_note",
    "What a delivery did to a slice that a person should know",
    (
        _OF_DELIVERY,
        Column("batch_id", "INTEGER", "Batch", required=True),
        *_SLICE,
        Column(
            "note",
            "ENUM('absent', 'shrunk_accepted', 'only_quarantined')",
            "absent: an earlier delivery had the slice and this one has not, it stays current; shrunk_accepted: it "
            "lost more than the tolerance and a person confirmed it; only_quarantined: all its records are in "
            "quarantine, so it superseded nothing",
            required=True,
        ),
        Column("before", EVENTS, "Events of the version that was current"),
        Column("after", EVENTS, "Events of the new version"),
    ),
)

REPORT_CELL = Table(
    "meta",
    "report_cell",
    "What a slice reports about: one row per area and month that the delivery covers; history through slice_version",
    (
        Column("slice_version", "INTEGER", "Version of the slice", required=True),
        Column("area", "VARCHAR", "Area that reports or is reported about"),
        Column("month", "DATE", "First day of the month reported about"),
        Column(
            "status",
            "ENUM:report_status",
            "Whether it was received, declared zero, is missing, ...",
            required=True,
        ),
        Column("n_records", "BIGINT", "Records loaded", required=True),
        Column("n_quarantined", "BIGINT", "Records in quarantine", required=True),
    ),
)

TABLES = (
    SCHEMA_VERSION,
    FINGERPRINT,
    BATCH,
    SOURCE,
    DELIVERY,
    REPETITION,
    EXCLUSION,
    EVENTS_BY_PERIOD,
    CONTROL_TOTAL,
    CORRECTION,
    PART,
    RULE_RESULT,
    SLICE_VERSION,
    KEY_EVENT,
    SLICE_NOTE,
    REPORT_CELL,
)
