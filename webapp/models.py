"""All tables, for whoever needs the whole metadata: migrations are drafted from it, tests make databases of it."""

import webapp.accounts.models
import webapp.circles.models
import webapp.feed.models
import webapp.groups.models
import webapp.inbox.models
import webapp.kit.jobs
import webapp.kit.outbox
import webapp.kit.presence
import webapp.kit.throttle
import webapp.moderation.models
import webapp.organisations.models
import webapp.posts.models
import webapp.search.models
import webapp.shared_links.models  # noqa: F401
from webapp.kit.db import Base

metadata = Base.metadata
