"""Events as they were first published, with what was known then: kept as files that nobody changes."""
