"""What a server is pointed at: `wsgi:app` is Flask alone, `wsgi:asgi` is Flask in its shell.

Importing opens no connection and starts no thread: that is the shell's lifespan.
"""

from __future__ import annotations

from webapp.app import create_app
from webapp.server import in_shell

app = create_app()
asgi = in_shell(app)
