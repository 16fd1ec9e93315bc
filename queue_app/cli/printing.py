"""`queue-app print-bridge`: a receipt printer on a USB port becomes one in the network."""

from __future__ import annotations

from pathlib import Path

import click

from queue_app.adapters.print_bridge import PrintBridge


def add_print_bridge(main: click.Group) -> None:
    """Hang the command into ``main``. It needs neither database nor keys: it runs where the printer is."""

    @main.command("print-bridge")
    @click.option("--device", type=click.Path(path_type=Path), required=True, help="For example /dev/usb/lp0.")
    @click.option("--listen", default="127.0.0.1", show_default=True, help="Address to listen on.")
    @click.option("--port", type=click.IntRange(0, 65535), default=9100, show_default=True)
    def print_bridge(device: Path, listen: str, port: int) -> None:
        """Pass on to a USB printer what comes over the network, one sender at a time, and back what it answers."""
        try:
            bridge = PrintBridge((listen, port), device)
        except OSError as problem:
            raise click.ClickException(f"Cannot listen on {listen}:{port}: {problem.strerror}") from None
        with bridge:
            click.echo(f"{device} prints what arrives at {listen}:{bridge.server_address[1]}")
            try:
                bridge.serve_forever()
            except KeyboardInterrupt:
                click.echo("Ended.")
