"""What a provider gets who sends records in our own form: a workbook to fill in, or a schema to check a file against.

Belongs here: everything that is made of a record type for those who deliver it. The columns (``columns``) are the same
in every form, and the codes in them are ours, so that one declaration (``sources.kit.template``) takes any of them in.
"""
