"""From a file to raw rows: a temporary table of text columns, and the text around the table."""
