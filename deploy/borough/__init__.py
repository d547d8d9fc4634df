"""A synthetic borough: its services, families and a morning's events; no real person, made from a seed alone."""

from deploy.borough.file import UnreadableDirectory, read, write
from deploy.borough.made import Borough, generate

__all__ = ["Borough", "UnreadableDirectory", "generate", "read", "write"]
