"""The composition root: the only file that knows everybody."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from flask import Flask
from flask_compress import Compress
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.accounts import sessions
from webapp.accounts.views import me, people, signing
from webapp.circles import listeners as circle_listeners
from webapp.circles import topics as circle_topics
from webapp.circles.views import companies, index, inviting, members
from webapp.circles.views import settings as circle_settings
from webapp.config import Settings
from webapp.demo import views as demo
from webapp.feed import fragments as feed_fragments
from webapp.feed import views as feed
from webapp.groups import fragments as group_fragments
from webapp.groups import listeners as group_listeners
from webapp.groups import topics as group_topics
from webapp.groups.views import chat, coming, links, messages
from webapp.groups.views import members as group_members
from webapp.groups.views import settings as group_settings
from webapp.home import views as home
from webapp.kit import errors, static, templating, throttle
from webapp.kit.db import init_database
from webapp.kit.security import init_security
from webapp.kit.web import init_web
from webapp.moderation import listeners as moderation_listeners
from webapp.moderation import views as moderation
from webapp.organisations import views as organisations
from webapp.posts import listeners as post_listeners
from webapp.posts import tools as post_tools
from webapp.posts import views as posts

ROOT = Path(__file__).parent.parent

BLUEPRINTS = (
    signing.bp,
    me.bp,
    people.bp,
    organisations.bp,
    index.bp,
    members.bp,
    circle_settings.bp,
    companies.bp,
    inviting.bp,
    feed.bp,
    posts.bp,
    chat.bp,
    messages.bp,
    coming.bp,
    group_members.bp,
    group_settings.bp,
    links.bp,
    moderation.bp,
    home.bp,
    demo.bp,
)
# Imported so that they register: what follows facts, who may follow topics, what is pushed, kinds of cards, tools.
LISTENERS = (
    circle_listeners,
    circle_topics,
    feed_fragments,
    group_fragments,
    group_topics,
    group_listeners,
    post_listeners,
    post_tools,
    moderation_listeners,
)


def create_app(settings: Settings | None = None, **config: Any) -> Flask:
    """The application for these settings (default: the environment's). Opens no connection, starts no thread."""
    settings = settings or Settings.read()
    logging.basicConfig(level=settings.log.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app = Flask("webapp", root_path=str(ROOT), template_folder="templates", static_folder=None)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret,
        BASE_URL=settings.base_url,
        TRUSTED_HOSTS=settings.hosts,
        MAX_CONTENT_LENGTH=1 << 20,
        SESSION_COOKIE_NAME=f"flash_{settings.port}",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        PERMANENT_SESSION_LIFETIME=60,
        COMPRESS_ALGORITHM=["br", "zstd", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_LEVEL=4,
        COMPRESS_STREAMS=False,
        COMPRESS_MIN_SIZE=500,
        COMPRESS_MIMETYPES=["text/html", "text/plain"],
        **config,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *[settings.proxies] * 3)  # type: ignore[method-assign]
    throttle.allow_writes(settings.writes)
    init_database(app, settings.database_url)
    sessions.init_sessions(app)
    init_security(app)
    init_web(app)
    static.init_static(app, ROOT / "static" / "built")
    templating.init_templating(app)
    errors.init_errors(app)
    Compress(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
