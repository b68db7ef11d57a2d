"""The real server as a process of its own, on a free port of this machine, with data of its own."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from agenticcalling import AgenticCalling

REPOSITORY = Path(__file__).resolve().parents[4]
PROGRAM = Path(os.environ.get("AGENTICCALLING_SERVER", "target/debug/agenticcalling"))
CACHE = REPOSITORY / ".cache" / "python-sdk"
LISTENING = "listening on "

CONFIG = """
[webhooks]
http_to_loopback = true

[limits]
registrations_per_minute = 1000

[plans.table.no_minutes]
concurrent_calls = 3
minutes = 0

[plans.table.hurried]
concurrent_calls = 3
rates = { calls = 1 }
"""


@dataclass
class Server:
    """A server that listens."""

    process: subprocess.Popen[str]
    data: Path
    base_url: str
    registered: int = field(default=0)

    def register(self) -> tuple[str, str]:
        """A new organization: its id, and a test key of it."""
        self.registered += 1
        with AgenticCalling(api_key="", base_url=self.base_url) as nobody:
            made = nobody.account.register("Acme Corp", f"dev{self.registered}@example.com")
            owner = nobody.with_options(api_key=made.api_key)
            return made.org_id, owner.api_keys.create("Tests", mode="test").api_key

    def key(self) -> str:
        """The test key of a new organization."""
        return self.register()[1]

    def set_plan(self, organization: str, plan: str) -> None:
        """Puts an organization on another plan; it holds at once."""
        command = [str(program()), "set-plan", organization, plan, "--data", str(self.data)]
        command += ["--config", str(self.data / "server.toml")]
        subprocess.run(command, check=True, env=environment())

    def stop(self) -> None:
        """Ends the process at once: it would let running calls come to their end."""
        self.process.kill()
        self.process.wait(timeout=20)


def program() -> Path:
    """The server's program, which must have been built."""
    path = PROGRAM if PROGRAM.is_absolute() else REPOSITORY / PROGRAM
    if not path.is_file():
        raise FileNotFoundError(
            f"there is no server at {path}: build it (cargo build && cargo x playbooks), or set"
            " AGENTICCALLING_SERVER"
        )
    return path


def environment() -> dict[str, str]:
    """Variables with the server's prefix are its configuration: those of the tests are none."""
    keep = "AGENTICCALLING_FLITE"
    return {
        name: value
        for name, value in os.environ.items()
        if name == keep or not name.startswith("AGENTICCALLING_")
    }


def start(data: Path) -> Server:
    """Starts a server. Compiled playbooks and rendered speech are kept from run to run."""
    (data / "cache").mkdir(parents=True)
    for name in ("code", "speech"):
        kept = CACHE / name
        kept.mkdir(parents=True, exist_ok=True)
        (data / "cache" / name).symlink_to(kept)
    config = data / "server.toml"
    config.write_text(CONFIG)
    command = [str(program()), "serve", "--listen", "127.0.0.1:0", "--data", str(data)]
    log = (data / "server.log").open("w")
    process = subprocess.Popen(
        [*command, "--config", str(config)],
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env=environment(),
        cwd=REPOSITORY,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line.startswith(LISTENING):
        process.kill()
        raise RuntimeError(f"the server did not start: {(data / 'server.log').read_text()[-2000:]}")
    return Server(process, data, line.removeprefix(LISTENING).strip())
