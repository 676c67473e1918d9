"""format=flowed (RFC 3676): lines that the writer's program broke are put together again, quotes keep their marks."""

SIGNATURE = "-- "


def unflowed(text: str, *, joined: bool) -> str:
    """The lines as written; `joined` is DelSp=yes, where the blank before a soft line end is not the writer's."""
    lines: list[str] = []
    depth = 0
    soft = False
    for raw in text.replace("\r\n", "\n").split("\n"):
        bare = raw.lstrip(">")
        here = len(raw) - len(bare)
        line = bare.removeprefix(" ")
        if soft and here == depth and line != SIGNATURE:
            lines[-1] = f"{lines[-1][:-1] if joined else lines[-1]}{line}"
        else:
            lines.append(f"{'>' * here} {line}" if here else line)
        depth, soft = here, line.endswith(" ") and line != SIGNATURE
    return "\n".join(lines)
