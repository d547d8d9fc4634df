"""The frozen schemas, the examples and the pages; a package, so that an installed Sharewell holds them."""
