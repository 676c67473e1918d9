"""`python -m daemon` is `postbote`."""

from daemon.cli import main

if __name__ == "__main__":
    main()
