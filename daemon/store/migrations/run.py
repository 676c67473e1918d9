"""Runs the migrations on an open engine; a killed run leaves the version it began with."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest version in one transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.connect() as plain:
        connection = plain.execution_options(postbote_writer=True)
        with connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
