"""`python -m queue_app` is the `queue-app` command."""

from .cli import main

main()
