"""What a print shop gets: job sheet, wrap with its spine, colour runs, reprints, proofs."""
