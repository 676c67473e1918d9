"""What the reading itself says of a line, beside the reply rules."""

from daemon.domain.finding import Evidence, Said, Statement

EVIDENCE_AT_MOST = 200


def said_of_line(number: int, line: str, statement: Statement, rule: str) -> Said:
    """A statement about one line of a mail's text, counted from 1; `rule` names what was found there."""
    evidence = Evidence(where=f"mail text, line {number}", text=" ".join(line.split())[:EVIDENCE_AT_MOST])
    return Said(evidence=evidence, statement=statement, rule=rule)
