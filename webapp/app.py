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
from webapp.accounts import specimens as account_specimens
from webapp.accounts.views import me, people, proving, signing
from webapp.bridges import reports_into_inbox
from webapp.circles import finding as circle_finding
from webapp.circles import listeners as circle_listeners
from webapp.circles import specimens as circle_specimens
from webapp.circles import topics as circle_topics
from webapp.circles.views import admission, companies, index, inviting, members, requests
from webapp.circles.views import settings as circle_settings
from webapp.config import Settings
from webapp.demo import specimens as demo_specimens
from webapp.demo import views as demo
from webapp.discover import specimens as discover_specimens
from webapp.discover import views as discover
from webapp.feed import finding as feed_finding
from webapp.feed import fragments as feed_fragments
from webapp.feed import specimens as feed_specimens
from webapp.feed import welcome
from webapp.feed.views import collections as feed_collections
from webapp.feed.views import feed
from webapp.groups import finding as group_finding
from webapp.groups import fragments as group_fragments
from webapp.groups import listeners as group_listeners
from webapp.groups import specimens as group_specimens
from webapp.groups import topics as group_topics
from webapp.groups.views import chat, coming, links, messages
from webapp.groups.views import members as group_members
from webapp.groups.views import settings as group_settings
from webapp.home import specimens as home_specimens
from webapp.home import views as home
from webapp.inbox import muting as inbox_muting
from webapp.inbox import specimens as inbox_specimens
from webapp.inbox import views as inbox
from webapp.inbox.listeners import circles as inbox_of_circles
from webapp.inbox.listeners import feed as inbox_of_feed
from webapp.inbox.listeners import groups as inbox_of_groups
from webapp.inbox.listeners import posts as inbox_of_posts
from webapp.kit import errors, static, templating, throttle
from webapp.kit.db import init_database
from webapp.kit.security import init_security
from webapp.kit.web import init_web
from webapp.moderation import listeners as moderation_listeners
from webapp.moderation import specimens as moderation_specimens
from webapp.moderation import views as moderation
from webapp.organisations import specimens as organisation_specimens
from webapp.organisations.views import identities, organisations
from webapp.posts import finding as post_finding
from webapp.posts import listeners as post_listeners
from webapp.posts import shared as shared_posts
from webapp.posts import specimens as post_specimens
from webapp.posts import tools as post_tools
from webapp.posts.views import answers as post_answers
from webapp.posts.views import deciding as post_decisions
from webapp.posts.views import posts
from webapp.posts.views import writing as post_writing
from webapp.search import index as search_index
from webapp.search import people as people_finding
from webapp.search import specimens as search_specimens
from webapp.search import views as search
from webapp.shared_links import gathered, introduction
from webapp.shared_links import listeners as link_listeners
from webapp.shared_links import specimens as link_specimens
from webapp.shared_links.views import making, opening
from webapp.style import fragments as style_fragments
from webapp.style import listeners as style_listeners
from webapp.style import specimens as style_specimens
from webapp.style import views as style

ROOT = Path(__file__).parent.parent

BLUEPRINTS = (
    signing.bp,
    me.bp,
    proving.bp,
    people.bp,
    organisations.bp,
    identities.bp,
    index.bp,
    members.bp,
    requests.bp,
    admission.bp,
    circle_settings.bp,
    companies.bp,
    inviting.bp,
    feed.bp,
    feed_collections.bp,
    posts.bp,
    making.bp,
    opening.bp,
    post_writing.bp,
    post_decisions.bp,
    post_answers.bp,
    chat.bp,
    messages.bp,
    coming.bp,
    group_members.bp,
    group_settings.bp,
    links.bp,
    moderation.bp,
    home.bp,
    search.bp,
    discover.bp,
    inbox.bp,
    demo.bp,
    style.bp,
)
# Imported so that they register: what follows facts, who may follow topics, what is pushed, kinds of cards and of
# inbox lines, counters, tools, what links can show.
LISTENERS = (
    circle_listeners,
    circle_topics,
    feed_fragments,
    welcome,
    group_fragments,
    group_topics,
    group_listeners,
    post_listeners,
    post_tools,
    moderation_listeners,
    link_listeners,
    introduction,
    gathered,
    shared_posts,
    inbox_of_circles,
    inbox_of_posts,
    inbox_of_feed,
    inbox_of_groups,
    inbox_muting,
    reports_into_inbox,
    style_fragments,
    style_listeners,
)
# What /-/style shows: every fragment and macro, by the capability that owns it.
SPECIMENS = (
    account_specimens,
    circle_specimens,
    demo_specimens,
    feed_specimens,
    group_specimens,
    home_specimens,
    organisation_specimens,
    post_specimens,
    moderation_specimens,
    link_specimens,
    inbox_specimens,
    search_specimens,
    discover_specimens,
    style_specimens,
)
# What can be found, in the order of the tabs; the index follows all of it.
FINDABLE = (
    post_finding,
    feed_finding,
    group_finding,
    circle_finding,
    people_finding,
    search_index,
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
