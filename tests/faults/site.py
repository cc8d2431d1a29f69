"""The site in processes that are killed at random moments and started again."""

import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from signal import SIGKILL
from threading import Event, Lock, Thread
from time import monotonic

from tests.running_site import ROOT, flask_command, wait_until_alive, web_command


@dataclass
class Process:
    """A process in a group of its own. `kills` are the moments it was killed (monotonic clock)."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    kills: list[float] = field(default_factory=list)
    _running: "subprocess.Popen[bytes] | None" = None
    _lock: Lock = field(default_factory=Lock)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """With all its children, at once; nothing if it does not run."""
        with self._lock:
            if self._running is not None:
                self.kills.append(monotonic())
                self._end()

    def restart(self) -> None:
        with self._lock:
            if self._running is None or self._running.poll() is not None:
                self.start()

    def stop(self) -> None:
        """As an operator does: what is under way is finished first."""
        with self._lock:
            if self._running is not None:
                self._running.terminate()
                try:
                    self._running.wait(20)
                except subprocess.TimeoutExpired:
                    self.kills.append(monotonic())
                self._end()

    def _end(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            with suppress(ProcessLookupError):
                os.killpg(running.pid, SIGKILL)
            running.wait()


class FragileSite:
    """A web server with two processes, and two workers."""

    def __init__(self, instance: Path, port: int, random: Random, **settings: str) -> None:
        self.url, self.random = f"http://127.0.0.1:{port}", random
        environment = os.environ | {"INSTANCE_PATH": str(instance), "SITE_URL": self.url, **settings}
        commands = {
            "web": web_command(port, 2),
            "worker 1": flask_command("worker"),
            "worker 2": flask_command("worker"),
        }
        self.web, *self.workers = [
            Process(name, command, environment, instance / f"{name}.log") for name, command in commands.items()
        ]
        self._calm, self._pace = Event(), 1.0
        self._killer = Thread(target=self._kill_now_and_then, daemon=True)

    @property
    def processes(self) -> list[Process]:
        return [self.web, *self.workers]

    def start(self) -> None:
        """Start what does not run, wait until it answers, and see how long this machine takes for that."""
        began = monotonic()
        for process in self.processes:
            process.restart()
        wait_until_alive(self.url)
        self._pace = max(1.0, monotonic() - began)

    def make_fragile(self) -> None:
        """Kill one process or another from now on, about as often as one starts: each works half of the time."""
        self._killer.start()

    def calm(self) -> None:
        """No kills any more; what was killed is started again."""
        self._calm.set()
        if self._killer.is_alive():
            self._killer.join()
        for process in self.processes:
            process.restart()

    def kill_a_worker(self) -> None:
        """One of the two, at once; it is started again at the next round."""
        if not self._calm.is_set():
            self.random.choice(self.workers).kill()

    def stop(self) -> None:
        for process in self.processes:
            process.stop()

    def _kill_now_and_then(self) -> None:
        while not self._calm.wait(self._pace * self.random.uniform(0.2, 1.5)):
            self.random.choice(self.processes).kill()
            self._calm.wait(self.random.uniform(0, 1))
            for process in self.processes:
                process.restart()
