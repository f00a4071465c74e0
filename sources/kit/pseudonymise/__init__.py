"""The program with which a provider pseudonymises a file before it sends it: one file, the standard library alone.

``program`` is what it does, ``words`` what it says in three languages; ``assemble`` puts these and the kinds of
identifiers together into the file that a provider gets.
"""
