"""How a mail of ours would look."""

import click

from daemon.cli.call import Call, call_options
from daemon.cli.tables import Labels, letter, plain, remark, wrapped
from daemon.domain.values import Json


@click.command("preview")
@click.argument("template")
@click.option("--lang", "language", metavar="L", help="The language (default: the operator's).")
@click.option("--order", metavar="ID", help="Use this order's data in place of made-up data.")
@call_options
def preview_command(call: Call, template: str, language: str | None, order: str | None) -> None:
    """Render a template."""
    with call.house() as house:
        rendered = house.preview(template, language, order)
        labels = Labels(house.saying.say)
        if language and language.partition("-")[0] != rendered.language.partition("-")[0]:
            remark(labels("not_written_in", template=template, wanted=language, language=rendered.language))
        view = {"template": template, "subject": rendered.subject, "text": rendered.text}
        call.answer(view, lambda view: _show(view, labels))


def _show(view: Json, labels: Labels) -> None:
    click.echo(wrapped(plain(view["subject"]), f"{labels('subject')}: "))
    click.echo()
    letter(view["text"])
