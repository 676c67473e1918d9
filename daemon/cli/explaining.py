"""Why an arrival was read as it was, and how a file would be read."""

import re
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from pathlib import Path

import click

from daemon.cli.call import Call, call_options
from daemon.cli.marking import line_of, marked, told
from daemon.cli.tables import Labels, history, moment, paint, plain, remark, table, wrapped
from daemon.domain.values import Json
from daemon.errors import UsageError
from daemon.rules.conditions import NO_SENTENCE

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
        labels = Labels(house.saying.say)
        if original:
            _write(original, house.original(arrival))
            remark(labels("original_kept", file=original))
        call.answer(house.queries.explain(arrival), lambda view: _show(view, labels, house.saying.zone))


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
        labels = Labels(house.saying.say)
        view = house.attempt(file.absolute(), party)
        if party is None and file.suffix.casefold() != ".eml":
            remark(labels("read_as_orders"))
        call.answer(view, lambda view: _show(view, labels, house.saying.zone))


def _show(view: Json, labels: Labels, zone: tzinfo) -> None:
    for document in view["documents"]:
        click.echo(wrapped(_document(document, labels, zone), f"{labels('read_as')} "))
    _drafts(view["documents"], labels)
    findings = list(enumerate(view["findings"], start=1))
    mail = next((one for one in view["documents"] if one["type"] == "mail"), None)
    if mail and mail["new_text"].strip():
        _title(labels("new_text"))
        for line in marked(mail["new_text"].rstrip("\n"), findings, paint, labels):
            click.echo(line)
        findings = [(number, one) for number, one in findings if not line_of(one)]
    _findings(findings, labels)
    _rules(view["rules"], labels)
    _title(labels("decision"))
    click.secho(labels.word(plain(view["decision"])).removeprefix("word_"), bold=True)
    proposal = view["proposal"] or {}
    said = [
        *((labels("because"), one) for one in view["reasons"]),
        *((labels("change"), one) for one in view["changes"]),
        *((labels("effect"), _effect(one, labels)) for one in view["effects"]),
        *((labels("release"), one) for one in proposal.get("changes", ())),
        *((labels("sends"), labels.mail(one)) for one in proposal.get("sends", ())),
        (labels("trusted"), view["trusted"]),
    ]
    width = max(len(label) for label, one in said if one) if any(one for _, one in said) else 0
    for label, one in said:
        if one:
            click.echo(wrapped(plain(one), f"{label:<{width}} "))
    if view["history"]:
        _title(labels("by_persons"))
        history(view["history"], labels)


def _drafts(documents: Json, labels: Labels) -> None:
    """What could become a format for a table that no format knows."""
    for draft in [one["draft"] for one in documents if isinstance(one, Mapping) and one.get("draft")]:
        _title(labels("draft"))
        click.echo(draft.rstrip("\n"))


def _title(text: str) -> None:
    click.echo()
    click.secho(text, bold=True)


def _findings(findings: list[tuple[int, Json]], labels: Labels) -> None:
    """What was found elsewhere than in the mail's text, by its place."""
    if not findings:
        return
    _title(labels("found"))
    rows = [
        (str(number), told(one, labels), one["evidence"]["place"], one["evidence"]["text"][:120])
        for number, one in findings[:_FINDINGS]
    ]
    table(("", *labels.heads("what", "where", "in_original")), rows, "")
    if (more := len(findings) - _FINDINGS) > 0:
        click.echo(labels("more_in_json", count=more))


def _rules(rules: Json, labels: Labels) -> None:
    """Hits first, then what nearly hit, then the others that missed for the same plain reason together."""
    if not rules:
        return
    _title(labels("rules"))
    hits = [(one["rule"], one["why"]) for one in rules if one["hit"]]
    table(labels.heads("rule_hit", "why"), dict.fromkeys(hits), labels("no_rule_hit"))
    missed: dict[str, dict[str, None]] = {}
    for one in rules:
        if not one["hit"]:
            missed.setdefault(one["why"], {})[one["rule"]] = None
    for why, names in sorted(missed.items(), key=lambda pair: len(pair[1])):
        said = labels("no_sentence") if why == NO_SENTENCE else plain(why)
        click.echo(wrapped(f"{_few(list(names), labels)}: {said}", f"{labels('missed')} "))


def _few(rules: Sequence[str], labels: Labels) -> str:
    """Nearly all rules miss nearly every mail for want of a sentence, and their names would hide what did happen."""
    if len(rules) > _NAMED:
        return labels("others_in_json", count=len(rules))
    return ", ".join(map(plain, rules))


def _document(document: Json, labels: Labels, zone: tzinfo) -> str:
    if isinstance(document, Mapping):
        shown = {name: value for name, value in document.items() if name not in _HIDDEN and value not in _EMPTY}
        facts = [f"{labels.word(name)} {_shown(name, value, zone)}" for name, value in shown.items()]
        return ", ".join([labels.word(document["type"]), *facts])
    return plain(document)


def _shown(name: str, value: Json, zone: tzinfo) -> str:
    return moment(value, zone) if name.endswith("_at") else plain(value)


def _effect(one: Json, labels: Labels) -> str:
    about = f", {labels('of_order', order=plain(one['about']))}" if one["about"] else ""
    template, to = plain(one["template"]), plain(one["to"])
    match one["kind"]:
        case "mail":
            said = labels("mail_to", template=template, to=to)
        case "receipt":
            said = labels("receipt_to", to=to)
        case "operator":
            said = labels("tells_you", template=template)
        case _:
            said = labels("file_to", template=template, to=to)
    return f"{said}{about}"
