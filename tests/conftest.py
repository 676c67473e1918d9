"""Shows at the end what tests have measured; they note it by `record_property("figures", …)`."""

import os
from typing import Any

import pytest

# Stories start the command hundreds of times; it must not compile itself anew each time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# So that a failed assertion in these shows both sides as well.
pytest.register_assert_rewrite("tests.support", "tests.fault.verdict", "tests.property.house")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports: list[pytest.TestReport] = [
        one for outcome in ("passed", "failed") for one in terminalreporter.stats.get(outcome, ())
    ]
    for report in reports:
        for name, value in report.user_properties:
            if name == "figures" and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid}: {value}")
