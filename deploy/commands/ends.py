"""How a command ends: its exit codes, and every failure in plain English with how to mend it."""

import sys

OK, WRONG, USAGE, AWAY, TAKEN, FAULT = 0, 1, 2, 3, 4, 5
CUT = 141
"""Whoever read the output stopped reading (`| head -1`): what a shell says of a tool that ends so, by SIGPIPE."""

CODES = """Exit codes: 0 done, nothing wrong · 1 something wrong was found · 2 not understood ·
3 the database or Kafka is away · 4 somebody else has it already · 5 a fault of Sharewell's own."""


class Ended(Exception):
    """A command cannot go on; `words` say why and `mend` says what to do, and neither repeats a value of a message."""

    def __init__(self, code: int, words: str, mend: str = "") -> None:
        super().__init__(words)
        self.code, self.words, self.mend = code, words, mend


def explained(error: BaseException) -> Ended:
    """Any exception as an end that can be shown: its own text is never repeated, for it may hold a person."""
    if isinstance(error, Ended):
        return error
    return _of_database(error) or _of_kafka(error) or _of_files(error) or _fault(error)


def _of_database(error: BaseException) -> Ended | None:
    if "psycopg" not in sys.modules:
        return None
    import psycopg
    from psycopg.errors import InsufficientPrivilege, InvalidCatalogName, UndefinedColumn, UndefinedTable

    if isinstance(error, UndefinedTable | UndefinedColumn):
        return Ended(AWAY, "The database does not hold this version's tables.", "Apply them: sharewell migrate")
    if isinstance(error, InsufficientPrivilege):
        return Ended(
            AWAY, "The database does not let this user do that.", "Ask for the rights of the role `sharewell`."
        )
    if isinstance(error, InvalidCatalogName):
        return Ended(AWAY, "There is no such database.", "Check SHAREWELL_POSTGRES_DSN, or create the database.")
    away = isinstance(error, psycopg.OperationalError) or type(error).__name__ == "PoolTimeout"
    if away and not getattr(error, "sqlstate", None):
        from deploy import why

        if refused := why.of_database(error):
            words, mend = refused
            return Ended(AWAY, f"The database is there, and does not let us in. {words}", mend)
        mend = "Is PostgreSQL running, and SHAREWELL_POSTGRES_DSN right? `sharewell doctor` looks closer."
        return Ended(AWAY, "The database does not answer.", mend)
    if away:
        return Ended(AWAY, f"The database refused (SQLSTATE {getattr(error, 'sqlstate', '')}).", "sharewell doctor")
    return None


def _of_kafka(error: BaseException) -> Ended | None:
    if "aiokafka" not in sys.modules:
        return None
    from aiokafka import errors as kafka

    if isinstance(error, kafka.UnknownTopicOrPartitionError):
        return Ended(AWAY, "A topic is missing.", "Create the topics: sharewell topics")
    if isinstance(error, kafka.InvalidReplicationFactorError):
        mend = "Set SHAREWELL_KAFKA_REPLICATION to the number of brokers, or fewer."
        return Ended(AWAY, "Kafka has fewer brokers than the copies asked for.", mend)
    if isinstance(error, kafka.KafkaError):
        mend = "Is it running, and SHAREWELL_KAFKA_BOOTSTRAP right, and its SASL and TLS? See: sharewell doctor"
        return Ended(AWAY, f"Kafka does not answer as it should ({type(error).__name__}).", mend)
    return None


def _of_files(error: BaseException) -> Ended | None:
    if "deploy.settings" in sys.modules:
        from deploy.settings import Unusable

        if isinstance(error, Unusable):
            return Ended(USAGE, str(error), "Correct the path, or its rights.")
    if isinstance(error, FileNotFoundError):
        return Ended(USAGE, "There is no such file.", "Check the path.")
    if isinstance(error, IsADirectoryError | PermissionError):
        return Ended(USAGE, "That file cannot be read.", "Check the path and its rights.")
    if isinstance(error, ConnectionError | TimeoutError):
        return Ended(AWAY, "A connection was refused or took too long.", "sharewell doctor")
    return None


def _fault(error: BaseException) -> Ended:
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_globals.get('__name__', '?')}:{place.tb_lineno}" if place else "?"
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    words = f"Sharewell did not expect this: {kind} at {where}."
    return Ended(FAULT, words, "Its text is not shown, for it may hold a person. Report the line above.")
