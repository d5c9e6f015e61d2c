"""The floor: a bare Flask + SQLite + Jinja page of 20 rows, in the same shell and server as the product."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from flask import Flask, render_template_string

from webapp.kit.hub import Hub
from webapp.kit.shell import Shell

FOLDER = Path(os.environ["QUANZI_DATA"])
PAGE = """<!doctype html><title>{{ title }}</title><ol>{% for row in rows %}<li><b>{{ row[1] }}</b>
<p>{{ row[2] }}</p></li>{% endfor %}</ol>"""

app = Flask(__name__)
path = FOLDER / "bare.db"
with sqlite3.connect(path) as made:
    made.execute("CREATE TABLE IF NOT EXISTS post (id INTEGER PRIMARY KEY, author TEXT, body TEXT)")
    if not made.execute("SELECT count(*) FROM post").fetchone()[0]:
        rows = [(f"Person {n % 30}", "word " * 45) for n in range(200)]
        made.executemany("INSERT INTO post (author, body) VALUES (?, ?)", rows)


@app.get("/")
def page() -> str:
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT id, author, body FROM post ORDER BY id DESC LIMIT 20").fetchall()
    return render_template_string(PAGE, title="bare", rows=found)


@app.get("/hooks/pid")
def pid() -> str:
    return str(os.getpid())


asgi = Shell(app, Hub(), files=FOLDER)
