"""Random sequences of whatever may happen to two families, played on one ledger or on both, and what must hold then."""
