"""Builds on a Dask cluster; see `executors` for the interface.

Anyone who can join the cluster can run programs on all its machines, this one included, and read
all applications: Dask trusts the network, or TLS certificates.
"""

import gc
import ipaddress
import logging
import ssl
import warnings
from collections.abc import Collection
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from sjs_forms.base.errors import MachineLacks, SjsFormsError, UsageFault
from sjs_forms.base.log_lines import exception_text, log_line
from sjs_forms.batch.execution.cluster_payload import (
    Delivery,
    carry_out_payload,
    checked,
    pack,
    sent_digests,
    unload,
)
from sjs_forms.batch.execution.executors import ProcessDied
from sjs_forms.batch.execution.task import Outcome, Task, failed
from sjs_forms.batch.ledger import tool_digest

if TYPE_CHECKING:
    from distributed import Client

_log = logging.getLogger(__name__)

PATIENCE = 20
"""Seconds to wait for the scheduler's answer, and for its first worker."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """The PEM files with which both ends of a TLS connection authenticate, as Dask takes them."""

    ca: Path
    cert: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Cluster:
    """A scheduler's address, with certificates or the user's explicit trust."""

    address: str
    certificates: Certificates | None = None
    insecure: bool = False

    @property
    def location(self) -> str:
        """The address with its scheme; TLS if there are certificates."""
        if self.certificates and "://" not in self.address:
            return f"tls://{self.address}"
        return self.address

    def refuse_open(self) -> None:
        """Raise UsageFault if applications would be sent unencrypted to an unauthenticated host."""
        if self.certificates:
            if not self.location.startswith("tls://"):
                raise UsageFault(
                    f"调度机地址“{self.address}”不是加密的（tls://）。",
                    "给了 --tls-ca、--tls-cert、--tls-key 时，地址请写成 tls://主机:端口。",
                )
            return
        if self.location.startswith("tls://"):
            raise UsageFault(
                f"连接“{self.address}”需要证书。",
                "请同时给出 --tls-ca、--tls-cert 和 --tls-key 三个 PEM 文件。",
            )
        if not self.insecure and not _is_loopback(self.location):
            raise UsageFault(
                f"与调度机“{self.address}”之间没有加密，也不验证对方：能连上它的人，"
                "都能看到申报材料，并在各台机器上运行程序。",
                "请为集群配置 TLS，再用 --tls-ca、--tls-cert、--tls-key 给出证书；"
                "确知整个网络可信的，可加 --insecure。",
            )


def _is_loopback(address: str) -> bool:
    try:
        host = urlsplit(address if "://" in address else f"tcp://{address}").hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class ClusterExecutor:
    """The workers of one scheduler.

    If a worker vanishes, the scheduler itself reassigns its task, as often as its setting
    `distributed.scheduler.allowed-failures` says. Here a task is submitted once.
    """

    tries = 1

    def __init__(self, cluster: Cluster) -> None:
        """Raises UsageFault if the connection would be open to anyone."""
        cluster.refuse_open()
        self._cluster = cluster
        self._address = cluster.address
        self._sent: dict[Path, dict[str, str]] = {}

    @property
    def room(self) -> int:
        """One per worker thread, and a few in the queue."""
        return int(sum(self._client.ncores().values())) + 2

    def __enter__(self) -> Self:
        """Connect to the scheduler and check its workers. Raises UsageFault or MachineLacks."""
        client = _client(self._cluster)
        if client is None:
            raise UsageFault(
                f"连不上调度机“{self._address}”。",
                "请核对地址（如 tcp://192.168.1.5:8786），确认那台机器上 dask scheduler 已经启动、"
                "网络相通。",
            )
        self._client = client
        try:
            self._check_workers()
        except BaseException:
            self._client.close()
            raise
        self._executor = self._client.get_executor(pure=False)
        return self

    def __exit__(self, *_: object) -> None:
        """Cancel what is not finished, and disconnect."""
        self._executor.shutdown(wait=False)
        self._client.close()

    def submit(self, task: Task) -> "Future[Delivery]":
        """Submit a task with its files."""
        self._refuse_lost()
        try:
            payload = pack(task)
        except (OSError, SjsFormsError) as problem:
            unread: Future[Delivery] = Future()
            unread.set_exception(problem)
            return unread
        with warnings.catch_warnings():
            # Dask advises to scatter large data, but scattered data are lost with their worker.
            warnings.simplefilter("ignore", UserWarning)
            future: Future[Delivery] = self._executor.submit(carry_out_payload, payload)
        self._sent[task.out] = sent_digests(payload)
        return future

    def tend(self, waiting: Collection["Future[Any]"]) -> None:
        """Do nothing: the scheduler watches its workers."""

    def receive(self, task: Task, future: "Future[Delivery]") -> Outcome:
        """Write what was built to its place and return the outcome."""
        from distributed import KilledWorker

        try:
            delivery = checked(future.result(), self._sent.pop(task.out, {}))
            for line in delivery.log:
                log_line(line, __name__)
            if delivery.outcome.built:
                unload(delivery, task.out)
            return delivery.outcome
        except (KilledWorker, CancelledError) as problem:
            self._refuse_lost()
            _log.warning("a worker at %s was lost: %r", task.out.name, problem)
            raise ProcessDied from problem
        except Exception as problem:
            return failed(problem)

    def _refuse_lost(self) -> None:
        if self._client.status != "running":
            raise MachineLacks(
                f"与调度机“{self._address}”失去了联系。",
                "做完的都已保留；调度机恢复后再运行一次同样的命令，会接着做。",
            )

    def _check_workers(self) -> None:
        """Raise MachineLacks if no worker appears, or one has another version of this tool."""
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as problem:
            raise MachineLacks(
                f"调度机“{self._address}”下面没有工作机。",
                f"请在工作机上启动：dask worker {self._address} --nworkers auto --nthreads 1",
            ) from problem
        answers = self._client.run(tool_digest, on_error="return")
        strange = sorted(name for name, found in answers.items() if found != tool_digest())
        if strange:
            raise MachineLacks(
                f"工作机 {'、'.join(strange[:5])} 没有安装 sjs-forms，或版本与本机不同。",
                "请在所有机器上安装同一版本的 sjs-forms，重新启动工作进程后再运行。",
            )


def _client(cluster: Cluster) -> "Client | None":
    """Return a client of this scheduler, or None. Raises MachineLacks without Dask, UsageFault.

    A client that failed is finalised before returning. Dask closes it under a lock whenever it is
    garbage-collected; if that happens while another client starts, both deadlock.
    """
    try:
        from distributed import Client
    except ImportError as problem:
        raise MachineLacks(
            "使用 --scheduler 需要 Dask。", "请安装：pip install 'sjs-forms[cluster]'"
        ) from problem
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    security = _security(cluster.certificates) if cluster.certificates else None
    try:
        return Client(cluster.location, timeout=PATIENCE, set_as_default=False, security=security)
    except Exception as problem:  # an invalid address fails in many ways
        # As text: a record that somebody keeps must not keep the client.
        _log.warning("the scheduler cannot be reached: %s", exception_text(problem))
    gc.collect()
    return None


def _security(certificates: Certificates) -> Any:
    """Return Dask's settings for these certificates. Raises UsageFault if a file is unusable."""
    from distributed.security import Security

    security = Security(
        tls_ca_file=str(certificates.ca),
        tls_client_cert=str(certificates.cert),
        tls_client_key=str(certificates.key),
        require_encryption=True,
    )
    try:
        security.get_connection_args("client")
    except (OSError, ssl.SSLError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise UsageFault(
            f"TLS 证书用不了：{reason}。",
            "请核对 --tls-ca、--tls-cert、--tls-key 所指的三个 PEM 文件，证书与私钥须成对。",
        ) from problem
    return security
