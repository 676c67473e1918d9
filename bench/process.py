"""The process: how long it takes until it is ready, and what it holds while nothing happens."""

import subprocess
import sys
import time

from bench.measures import Bound, Figure, Measure, Setting, spoken
from bench.memory import Memory, settled_memory
from bench.workshop import ROOT, free_ports
from bench.workspace import Workspace, make_workspace

_LIKELY = (
    "import asyncio, csv, smtplib, sqlite3, email.policy, aiosmtpd.smtp, imapclient, jinja2, lxml.etree, sqlalchemy, "
    "apscheduler.schedulers.background, watchdog.observers, yaml\n"
    "print(next(line for line in open('/proc/self/status') if line.startswith('VmRSS')).split()[1])"
)


def _idle(setting: Setting) -> list[Figure]:
    (port,) = free_ports(1)
    workspace = make_workspace(setting.folder / "home", receive=f'{{via: smtp, listen: "127.0.0.1:{port}"}}')
    first, _ = _start(setting, workspace)
    starts: list[float] = []
    memories: list[Memory] = []
    bare: list[tuple[float, float]] = []
    for _ in range(setting.rounds):
        seconds, memory = _start(setting, workspace)
        starts.append(seconds)
        memories.append(memory)
        bare.append(_imports())
    children = f"and {memories[-1].count} children with {memories[-1].children:.0f} MiB"
    return [
        Figure(
            what="memory of the idle daemon, main process",
            values=[one.main for one in memories],
            unit="MiB",
            floor=80,
            aim=55,
            bound=Bound.AT_MOST,
            ours=f"{spoken([one.main for one in memories], 'MiB')} {children}",
            theirs=spoken([size for _, size in bare], "MiB"),
        ),
        Figure(
            what="from the start until it is ready",
            values=starts,
            unit="s",
            floor=1.5,
            aim=0.6,
            bound=Bound.AT_MOST,
            ours=spoken(starts, "s"),
            theirs=spoken([seconds for seconds, _ in bare], "s"),
        ),
        Figure(what="the very first start, which makes the database", values=[first], unit="s"),
    ]


def _start(setting: Setting, workspace: Workspace) -> tuple[float, Memory]:
    with workspace.run(setting.shop) as running:
        return running.seconds_to_ready, settled_memory(running.pid)


def _imports() -> tuple[float, float]:
    """Seconds and MiB of a Python that only loads the libraries that such a daemon needs."""
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", _LIKELY], check=True, capture_output=True, text=True, cwd=ROOT)
    return time.perf_counter() - began, int(done.stdout) / 1024


MEASURES = (Measure(code="M1", title="start and memory", baseline="importing the libraries", run=_idle),)
