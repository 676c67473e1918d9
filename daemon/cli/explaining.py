"""Why an arrival was read as it was, and how a file would be read."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from daemon.cli.call import Call, call_options
from daemon.cli.marking import line_of, marked, told
from daemon.cli.tables import Labels, history, paint, plain, remark, table, wrapped
from daemon.domain.values import Json
from daemon.errors import UsageError

_PARTY = re.compile(r"(sellers|fulfillers|merchants)/[^/\s]+|orders|mail")
_HIDDEN = {"type", "new_text", "attachments", "recipients", "in_reply_to", "message_id", "draft"}
_EMPTY: tuple[Json, ...] = (None, "", "none", [], {})
_FINDINGS = 200
_NAMED = 8


@click.command("explain")
@click.argument("arrival", metavar="ID")
@click.option(
    "--original",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it as it came in to this new file: a mail as .eml, with all that was attached.",
)
@call_options
def explain_command(call: Call, arrival: str, original: Path | None) -> None:
    """Show every rule hit and missed and why, and every finding with its place in the original."""
    with call.house() as house:
        if original:
            _write(original, house.original(arrival))
            remark(f"As it came in: {original}")
        labels = Labels(house.saying.say)
        call.answer(house.queries.explain(arrival), lambda view: _show(view, labels))


def _write(path: Path, content: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise UsageError(f"--original {path}: {error.strerror}") from None


@click.command("try")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "party", metavar="PARTY", help="Whose folder it would lie in: sellers/ID, orders, mail ...")
@call_options
def try_command(call: Call, file: Path, party: str | None) -> None:
    """Read and decide a file or .eml as if it arrived now, changing nothing."""
    if party is not None and not _PARTY.fullmatch(party):
        raise UsageError(f"--as {party}: write sellers/ID, fulfillers/ID, merchants/ID, orders or mail")
    with call.house() as house:
        view = house.attempt(file.absolute(), party)
        if party is None and file.suffix.casefold() != ".eml":
            remark("Read as a file in inbox/orders; --as sellers/ID reads it as that seller's.")
        labels = Labels(house.saying.say)
        call.answer(view, lambda view: _show(view, labels))


def _show(view: Json, labels: Labels) -> None:
    for document in view["documents"]:
        click.echo(wrapped(_document(document), "read as   "))
    _drafts(view["documents"])
    findings = list(enumerate(view["findings"], start=1))
    mail = next((one for one in view["documents"] if one["type"] == "mail"), None)
    if mail and mail["new_text"].strip():
        _title("The mail, without what was said before")
        for line in marked(mail["new_text"].rstrip("\n"), findings, paint):
            click.echo(line)
        findings = [(number, one) for number, one in findings if not line_of(one)]
    _findings(findings)
    _rules(view["rules"])
    _title("Decision")
    click.secho(plain(view["decision"]), bold=True)
    for name in ("reasons", "changes", "effects"):
        for one in view[name]:
            click.echo(wrapped(_said(one), f"{name[:-1]:<8}"))
    proposal = view["proposal"] or {}
    for label, name in (("release", "changes"), ("sends", "sends")):
        for one in proposal.get(name, ()):
            click.echo(wrapped(plain(one), f"{label:<8}"))
    if view["trusted"]:
        click.echo(wrapped(plain(view["trusted"]), "trusted "))
    if view["history"]:
        _title("What persons did with it")
        history(view["history"], labels)


def _drafts(documents: Json) -> None:
    """What could become a format for a table that no format knows."""
    for draft in [one["draft"] for one in documents if isinstance(one, Mapping) and one.get("draft")]:
        _title("A draft of a format for it: finish it, keep it in rules/formats, then `postbote reread`")
        click.echo(draft.rstrip("\n"))


def _title(text: str) -> None:
    click.echo()
    click.secho(text, bold=True)


def _findings(findings: list[tuple[int, Json]]) -> None:
    """What was found elsewhere than in the mail's text, by its place."""
    if not findings:
        return
    _title("Found")
    rows = [
        (str(number), told(one), one["evidence"]["place"], one["evidence"]["text"][:120])
        for number, one in findings[:_FINDINGS]
    ]
    table(("", "what", "where", "in the original"), rows, "")
    if (more := len(findings) - _FINDINGS) > 0:
        click.echo(f"and {more} more (--json shows them)")


def _rules(rules: Json) -> None:
    """Hits first, then what nearly hit, then the others that missed for the same plain reason together."""
    if not rules:
        return
    _title("Rules")
    hits = [(one["rule"], "hit", one["why"]) for one in rules if one["hit"]]
    table(("rule", "", "why"), dict.fromkeys(hits), "no rule hit")
    missed: dict[str, dict[str, None]] = {}
    for one in rules:
        if not one["hit"]:
            missed.setdefault(one["why"], {})[one["rule"]] = None
    for why, names in sorted(missed.items(), key=lambda pair: len(pair[1])):
        click.echo(wrapped(f"{_few(list(names))}: {plain(why)}", "missed  "))


def _few(rules: Sequence[str]) -> str:
    """Nearly all rules miss nearly every mail for want of a sentence, and their names would hide what did happen."""
    if len(rules) > _NAMED:
        return f"{len(rules)} others (--json names them)"
    return ", ".join(map(plain, rules))


def _document(document: Json) -> str:
    if isinstance(document, Mapping):
        shown = {name: value for name, value in document.items() if name not in _HIDDEN}
        names = [f"{name.replace('_', ' ')} {plain(value)}" for name, value in shown.items() if value not in _EMPTY]
        return ", ".join([document["type"], *names])
    return plain(document)


def _said(one: Json) -> str:
    """An effect or a sentence."""
    if not isinstance(one, Mapping):
        return plain(one)
    to = f" to {plain(one['to'])}" if one["to"] else ""
    about = f" about {plain(one['about'])}" if one["about"] else ""
    return f"{one['kind']} {plain(one['template'])}{to}{about}"
