"""Sources that are fetched: the rows of a database or the bytes of an address, written as one file.

What is fetched lies in a file before anything else is done with it, and is landed and read like any delivery: readers,
verbs and rules know nothing of this package. ``declared`` has the words of ``source.yml``, ``fitting`` holds them
against the rest of the declaration, ``database`` and ``address`` do the fetching. Neither secrets nor what servers and
drivers say of themselves reach a message: it names the connection or the address as they are declared.
"""
