"""What a record is: record types, code lists, rules, reference areas. Imports nothing of ours."""
