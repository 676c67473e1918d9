"""`python -m daemon` is `postbote`."""


def main() -> None:
    """Run the command line."""
    # The children that read mails and files load this file again, but not the command line.
    from daemon.cli import main as command_line  # noqa: PLC0415

    command_line()


if __name__ == "__main__":
    main()
