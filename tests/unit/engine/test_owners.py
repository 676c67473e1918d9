import os
import subprocess
import sys

from daemon.engine.owners import gone_among, own_name


def test_only_dead_processes_of_this_machine_have_gone_and_who_had_our_name_before_us() -> None:
    host = own_name().rpartition(":")[0]
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead, alive, elsewhere = f"{host}:{ended.pid}", f"{host}:{os.getppid()}", f"not-{host}:{ended.pid}"
    assert gone_among([dead, alive, elsewhere, own_name()]) == [dead, own_name()]
