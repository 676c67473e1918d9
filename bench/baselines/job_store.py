"""One APScheduler job per order in its SQLAlchemyJobStore: `python -m bench.baselines.job_store FILE JOBS`."""

import logging
import os
import sys
import time
from datetime import UTC, datetime

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

READY = "rang"
_PATIENCE = 120.0
rung: list[int] = []


def ring(order: int) -> None:
    """What a job does; APScheduler finds it by its name."""
    rung.append(order)


def main(file: str, jobs: int) -> None:
    """All are due at once, as after a downtime; prints how many rang a second."""
    logging.disable(logging.CRITICAL)
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{file}")},
        timezone="UTC",
        job_defaults={"misfire_grace_time": None},
    )
    scheduler.start(paused=True)
    now = datetime.now(UTC)
    for order in range(jobs):
        scheduler.add_job("bench.baselines.job_store:ring", "date", run_date=now, args=[order], id=str(order))
    # Run as a program this module has another name, and the jobs ring in its double.
    from bench.baselines import job_store  # noqa: PLC0415, PLW0406

    began = time.perf_counter()
    scheduler.resume()
    while len(job_store.rung) < jobs and time.perf_counter() - began < _PATIENCE:
        time.sleep(0.01)
    print(f"{READY} {len(job_store.rung) / (time.perf_counter() - began)}", flush=True)
    # Its threads would be waited for.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
