"""The processes of a deployment, by hand: PostgreSQL, Redis, nginx, API replicas, workers, the dashboard."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.settings import PROJECT_ROOT
from tests.store.postgres import Postgres

START_S = 240.0
SERVERS = ("api-1", "api-2", "api-3", "dashboard")
SECRET = "a secret of the deployment's test, long enough for HS256"


class Machine:
    """Everything that ``deploy/compose.yaml`` starts but Prometheus and Grafana, in ``folder``."""

    def __init__(self, folder: Path, binaries: Path, servers: Sequence[str] = SERVERS) -> None:
        self.folder = folder
        folder.chmod(0o755)  # nginx's workers are somebody else
        self.postgres = Postgres(binaries)
        self.database_url = self.postgres.new_database()
        self.redis_port, self.tls_port = free_port(), free_port()
        self.redis_url = f"redis://127.0.0.1:{self.redis_port}/0"
        self.ports = {name: free_port() for name in servers}
        self.certificate = folder / "fullchain.pem"
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start all of it; returns when every server answers."""
        self.start_redis()
        for name in self.ports:
            self.start_server(name)
        for name in ("worker-1", "worker-2"):
            self.start_worker(name)
        for name in self.ports:
            self.wait_for_server(name)
        self._nginx()
        wait_until(lambda: self.get("/api/v1/ml/health") is not None, "nginx")

    def start_server(self, name: str) -> None:
        """A replica of the API, or the dashboard."""
        alone = () if name == "dashboard" else ("--api-only",)
        self._jorge(name, "serve", *alone, "--port", str(self.ports[name]))

    def wait_for_server(self, name: str) -> None:
        """Return when it answers."""
        wait_until(lambda: answers(f"http://127.0.0.1:{self.ports[name]}/api/v1/ml/health"), name)

    def start_worker(self, name: str) -> None:
        """A scoring worker."""
        self._jorge(name, "worker", "--name", name)

    def stop(self, *names: str) -> None:
        """End some processes in the orderly way."""
        for name in names:
            self._running[name].terminate()
        for name in names:
            self._running.pop(name).wait(30)

    def process_id(self, name: str) -> int:
        """Of one that runs."""
        return self._running[name].pid

    def kill(self, name: str) -> None:
        """Without a warning."""
        process = self._running.pop(name)
        process.kill()
        process.wait()

    def environment(self, name: str) -> dict[str, str]:
        """What compose gives each process: a data folder of its own; they share nothing but PostgreSQL and Redis."""
        data = self.folder / name
        data.mkdir(exist_ok=True)
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("JORGE_", "ANTHROPIC_"))}
        return kept | {
            "JORGE_DATA_DIR": str(data),
            "JORGE_DATABASE_URL": self.database_url,
            "JORGE_REDIS_URL": self.redis_url,
            "JORGE_JWT_SECRET": SECRET,
            "JORGE_COOKIE_SECRET": SECRET,
            "JORGE_RATE_LIMIT_SCORE_PER_MINUTE": "0",
            "JORGE_LOG_LEVEL": "WARNING",
        }

    def jorge(self, *words: str) -> str:
        """Run a command to its end; what it printed."""
        command = [sys.executable, "-m", "core", *words]
        done = subprocess.run(
            command, cwd=PROJECT_ROOT, env=self.environment("operator"), check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    @property
    def trust(self) -> ssl.SSLContext:
        """TLS that believes our own certificate alone."""
        return ssl.create_default_context(cafile=str(self.certificate))

    @property
    def url(self) -> str:
        return f"https://localhost:{self.tls_port}"

    def get(self, path: str) -> tuple[int, dict[str, str], bytes] | None:
        """Through nginx: status, headers in lower case, body; None while nobody answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10, context=self.trust) as answer:
                return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()
        except OSError:
            return None

    def close(self) -> list[str]:
        """Stop everything; the names of those that did not end by themselves with status 0."""
        for process in reversed(self._running.values()):
            process.terminate()
        bad = []
        for name, process in self._running.items():
            try:
                status = process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                status = process.wait()
            if status != 0:
                bad.append(f"{name}: {status}")
        self.postgres.close()
        return bad

    def _jorge(self, name: str, *words: str) -> None:
        self._run(name, [sys.executable, "-m", "core", *words], self.environment(name))

    def _run(self, name: str, command: list[str], environment: dict[str, str] | None = None) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                command, cwd=PROJECT_ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )

    def start_redis(self) -> None:
        """Redis with its append-only file, as in compose."""
        data = self.folder / "redis"
        data.mkdir()
        options = ["--bind", "127.0.0.1", "--port", str(self.redis_port), "--dir", str(data), "--appendonly", "yes"]
        self._run("redis", [redis_program(), *options, "--maxmemory-policy", "noeviction"])
        wait_until(lambda: listens(self.redis_port), "redis")

    def _nginx(self) -> None:
        """The product's own file, with these ports and a certificate of our own."""
        own_certificate(self.certificate, self.folder / "privkey.pem")
        shutil.copy(PROJECT_ROOT / "deploy/nginx/nginx.conf", self.folder / "nginx.conf")
        shutil.copy("/etc/nginx/mime.types", self.folder / "mime.types")
        upstreams = (PROJECT_ROOT / "deploy/nginx/upstreams.conf").read_text()
        for name, port in self.ports.items():
            upstreams = upstreams.replace(f"{name}:8501", f"127.0.0.1:{port}")
        (self.folder / "upstreams.conf").write_text(upstreams)
        (self.folder / "site.conf").write_text(
            f"listen 127.0.0.1:{self.tls_port} ssl;\nserver_name localhost;\n"
            f"ssl_certificate {self.certificate};\nssl_certificate_key {self.folder / 'privkey.pem'};\n"
        )
        (self.folder / "redirect.conf").write_text("")
        program = nginx_program()
        if program is None:
            raise RuntimeError("nginx is gone")
        more = f"daemon off; pid {self.folder / 'nginx.pid'};"
        command = [program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-g", more]
        subprocess.run([*command, "-t"], check=True, capture_output=True)
        self._run("nginx", command)


def nginx_program() -> str | None:
    """Where nginx is, None where it is not."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def redis_program() -> str:
    """Redis of the system, else the one that the product brings."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found:
        return found
    from core.realtime.binary import find_server

    binary = find_server()
    if binary is None:
        raise RuntimeError("there is no Redis; install redis-server")
    return str(binary)


def own_certificate(certificate: Path, key: Path) -> None:
    """A certificate for localhost that lasts an hour."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody listens on a port of this machine."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def answers(url: str) -> bool:
    """Whether an address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def wait_until(ready: Callable[[], bool], what: str, within_s: float = START_S) -> None:
    """Return when ``ready`` says so."""
    deadline = time.monotonic() + within_s
    while not ready():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what} was not ready within {within_s:.0f} s")
        time.sleep(0.1)
