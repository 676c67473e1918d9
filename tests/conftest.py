"""Shows at the end what tests have measured; they note it by `record_property("figures", …)`."""

from typing import Any

import pytest

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
