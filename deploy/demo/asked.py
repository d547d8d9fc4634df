"""The demo's questions to the ledger, beside those that every command asks."""

from adapters.storage.sql import queries

ASKED = queries("asked", "deploy.demo")
