"""Say so, and what to do, when the port the site is to be served on is taken."""

import os
import socket
import sys

host, text = os.environ["HOST"], os.environ["PORT"]
if not (text.isdecimal() and 0 < int(text) < 65536):
    sys.exit(f"PORT must be a number from 1 to 65535; it is {text!r}.")
port = int(text)
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((host, port))
    except OSError as error:
        sys.exit(
            f"The site cannot be served on {host}:{port}: {error.strerror}. "
            f"Stop what runs there, or pick another port: make run PORT={port % 65535 + 1}"
        )
