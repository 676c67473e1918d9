"""How a mail of ours would look, with made-up data or with those of a mail that was written about an order."""

from daemon.domain.effect import SendMail
from daemon.domain.identifiers import order_key
from daemon.domain.reason import reason
from daemon.domain.values import Json
from daemon.engine.premises import Premises
from daemon.errors import RefusedError, UnknownIdError
from daemon.store import orders, outbox
from daemon.writing.samples import samples_of
from daemon.writing.templates import Rendered, Templates


def preview(
    premises: Premises, templates: Templates, template: str, language: str | None, order: str | None
) -> Rendered:
    """Render a template; raises UnknownIdError or RefusedError when there is nothing to render it with."""
    if template not in templates.names:
        raise UnknownIdError(template)
    data = _made_up(template) if order is None else _written(premises, template, order)
    return templates.render(template, language or premises.policy.language, data)


def _made_up(template: str) -> dict[str, Json]:
    samples = samples_of(template)
    if not samples:
        raise RefusedError(reason("no_sample", template=template))
    return samples[0]


def _written(premises: Premises, template: str, order: str) -> dict[str, Json]:
    key = order_key(order)
    with premises.database.reading() as connection:
        if not orders.load(connection, [key]):
            raise UnknownIdError(order)
        effects = outbox.effects_about(connection, key, template)
    mail = next((one for one in effects if isinstance(one, SendMail)), None)
    # Of a buyer who has been erased nothing is left that could be shown.
    if mail is None or not mail.data:
        raise RefusedError(reason("no_such_mail", template=template, order=order))
    return mail.data
