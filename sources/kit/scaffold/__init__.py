"""A declaration drafted from a file that nobody has declared yet.

The way of a file: ``form`` finds how it is read, ``profile`` counts what its columns hold, ``columns`` says what each
column is (and which must not be shown), ``record_types`` what a row is, ``mapping`` which field a column fills, and
``compose`` writes the folder. What is guessed is marked as a draft, what is not known is listed with its line.
"""
