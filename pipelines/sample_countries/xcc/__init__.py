"""XCC: English, tables of a database, offences, parishes alone with communities declared inside the largest."""
