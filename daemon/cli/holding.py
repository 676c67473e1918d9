"""What waits for a person, and the ways to settle it."""

from collections.abc import Iterable

import click

from daemon.cli.call import Call, call_options, person_options
from daemon.cli.progress import Progress
from daemon.cli.tables import Labels, moment, plain, table, wrapped
from daemon.domain.stimulus import Person
from daemon.domain.values import Json
from daemon.errors import UsageError

_SAMPLES = 3
_EXCERPT = 200
_STRANGERS = {"unlisted_sender", "unknown_sender"}


@click.command("held")
@click.option("--group", is_flag=True, help="Gather by reason and sender; each group's ID stands for all in it.")
@call_options
def held_command(call: Call, group: bool) -> None:
    """List what waits for a person, nearest deadline first, with what a release would do."""
    with call.house() as house:
        labels = Labels(house.saying.say)
        if group:
            call.answer(house.queries.held_groups(), lambda groups: _list_groups(groups, labels))
        else:
            call.answer(house.queries.held(), lambda held: _list(held, labels))


@click.command("release")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--order", metavar="A", help="Put it on this order in place of the one it names.")
@click.option(
    "--only",
    metavar="N",
    type=click.IntRange(min=1),
    multiple=True,
    help="Take only finding N, as explain numbers them; may be given several times.",
)
@click.option("--trust-sender", is_flag=True, help="Let this sender's address speak for the partner from now on.")
@click.option("--dry-run", is_flag=True, help="Show what it would change and send; change nothing.")
@person_options
@call_options
def release_command(  # one argument an option
    call: Call,
    person: Person,
    ids: tuple[str, ...],
    order: str | None,
    only: tuple[int, ...],
    trust_sender: bool,
    dry_run: bool,
) -> None:
    """Take what was read as true; refused if the order has moved since the proposal.

    An ID is an arrival's or a group's of `held --group`. With --only the rest is settled without effect.
    """
    _single(ids, only)
    with call.house() as house:
        found = house.queries.members(ids)
        _single(found, only)
        released = house.holding.release(
            found, person, order=order, only=only, trust_sender=trust_sender, dry_run=dry_run
        )
        labels = Labels(house.saying.say)
        views = list(Progress(labels("trying" if dry_run else "releasing"), labels).over(released, len(found)))
        call.answer(views, lambda shown: _released(shown, labels, dry_run=dry_run))
        if not all(view.possible for view in views):
            raise click.exceptions.Exit(1)


def _single(ids: Iterable[str], only: tuple[int, ...]) -> None:
    """Findings are counted within one arrival; a group may be several."""
    if only and len(set(ids)) > 1:
        raise UsageError("--only goes with a single ID")


@click.command("discard")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@person_options
@call_options
def discard_command(call: Call, person: Person, ids: tuple[str, ...]) -> None:
    """Settle what is held without effect; an ID is an arrival's or a group's."""
    with call.house() as house:
        found = house.queries.members(ids)
        house.holding.discard(found, person)
        labels = Labels(house.saying.say)
        call.answer(
            [{"id": one, "discarded": True} for one in found],
            lambda done: click.echo(labels("discarded", count=len(done))),
        )


@click.command("reread")
@click.argument("ids", metavar="[ID...]", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Everything that is held.")
@person_options
@call_options
def reread_command(call: Call, person: Person, ids: tuple[str, ...], everything: bool) -> None:
    """Decide what is held again under the present rules; an ID is an arrival's or a group's.

    Beside a running daemon it is the daemon that does it, within seconds.
    """
    if bool(ids) == everything:
        raise UsageError("name the IDs to read again, or give --all")
    with call.house() as house:
        labels = Labels(house.saying.say)
        call.answer(house.reread(house.queries.members(ids), person), lambda views: _reread(views, labels))


@click.command("trusted")
@click.option("--forget", "sender", metavar="ADDRESS", help="Let this address speak for nobody any more.")
@person_options
@call_options
def trusted_command(call: Call, person: Person, sender: str | None) -> None:
    """List the senders whom `release --trust-sender` lets speak for a partner besides those in the rules."""
    with call.house() as house:
        labels = Labels(house.saying.say)
        if sender:
            call.answer(
                house.holding.trusting.distrust(sender, person),
                lambda gone: click.echo(labels("distrusted", sender=sender, count=len(gone))),
            )
        else:
            call.answer(house.holding.trusting.listed(), lambda found: _trusted(found, labels))


def _list(held: Json, labels: Labels) -> None:
    if not held:
        click.echo(labels("nothing_waits"))
    for one in held:
        due = f", {labels('due_at', at=moment(one['due']))}" if one["due"] else ""
        click.secho(f"{one['id']}", bold=True, nl=False)
        click.echo(f"  {plain(one['about']) or labels('nothing_known')}{due}")
        name = plain(one["name"]) or "-"
        came = labels("received_by", at=moment(one["received_at"]), source=plain(one["source"]), name=name)
        _fact(labels("received"), came)
        _fact(labels("sender"), one["sender"])
        _details(one, labels)


def _list_groups(groups: Json, labels: Labels) -> None:
    if not groups:
        click.echo(labels("nothing_waits"))
    for one in groups:
        due = f", {labels('first_due_at', at=moment(one['due']))}" if one["due"] else ""
        sender = plain(one["sender"] or one["source"])
        click.secho(labels("count_from", count=one["count"], sender=sender), bold=True, nl=False)
        click.echo(due)
        _fact(labels("ids"), _some(one["ids"], labels))
        _fact(labels("about"), plain(one["about"][:10]) + (" …" if len(one["about"]) > 10 else ""))  # noqa: PLR2004
        _details(one, labels)
        if one["release"]:
            effect = labels("would_change", part=one["releasable"], whole=one["count"])
            _fact(labels("type"), f"{one['release']}   ({effect})")
            if _STRANGERS & set(one["codes"]):
                _fact("", labels("with_trust"))
        if one["resend"]:
            _fact(labels("type"), f"{one['resend']}   ({labels('once_right')})")
        _fact(labels("or" if one["release"] or one["resend"] else "type"), one["discard"])


def _some(many: Json, labels: Labels) -> str:
    """The first few, and how many more."""
    more = len(many) - _SAMPLES
    return plain(many[:_SAMPLES]) + (f" {labels('and_more', count=more)}" if more > 0 else "")


def _details(one: Json, labels: Labels) -> None:
    for reason in one["reasons"]:
        _fact(labels("because"), reason)
    _fact(labels("sent_to"), _some(one["came_back_from"], labels))
    _fact(labels("says"), plain(one["excerpt"])[:_EXCERPT])
    _proposal(one["proposal"], labels)


def _proposal(proposal: Json, labels: Labels) -> None:
    for change in (proposal or {}).get("changes", ()):
        _fact(labels("release"), change)
    for mail in (proposal or {}).get("sends", ()):
        _fact(labels("sends"), labels.mail(mail))


def _fact(name: str, value: Json) -> None:
    """One fact about what is held."""
    if said := plain(value):
        click.echo(wrapped(said, f"  {name + ':' if name else '':<10} "))


def _released(views: Json, labels: Labels, *, dry_run: bool) -> None:
    done = [view for view in views if view["possible"]]
    possible = labels("would_be_released" if dry_run else "released")
    for view in views:
        click.echo(f"{view['id']}  {possible if view['possible'] else labels('not_released')}")
        if not view["possible"] or dry_run or len(views) == 1:
            for reason in view["reasons"]:
                _fact(labels("because"), reason)
            _proposal(view, labels)
            if not view["possible"] and view["changes"]:
                _fact(labels("or"), labels("take_only", id=view["id"]))
                _fact("", labels("take_several"))
            elif not view["possible"]:
                _fact(labels("type"), f"postbote discard {view['id']}")
    if len(views) > 1:
        click.echo(f"{labels('part_of', part=len(done), whole=len(views))} {possible}")


def _reread(views: Json, labels: Labels) -> None:
    words = {"held": labels("still_held"), "new": labels("waits_for_daemon")}
    rows = [(one["id"], words.get(one["state"], one["state"]), " ".join(one["reasons"])) for one in views]
    table(labels.heads("arrival", "now", "because"), rows, labels("nothing_held"))


def _trusted(found: Json, labels: Labels) -> None:
    rows = [(one["sender"], one["partner"], moment(one["at"]), one["by"], one["why"]) for one in found]
    table(labels.heads("sender", "speaks_for", "since", "by", "why"), rows, labels("nobody_trusted"))
