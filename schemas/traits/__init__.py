"""What several record types share, as pandera models that a record type inherits from; one module for each subject."""
