"""A fact and what follows from it: now, in the same transaction; later, as a job; never when rolled back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from webapp.kit import events, jobs
from webapp.kit.db import db, write
from webapp.kit.jobs import Job


@dataclass(frozen=True)
class BellRang:
    times: int


heard: list[int] = []
done: list[int] = []


@events.on(BellRang)
def hear(fact: BellRang) -> None:
    if fact.times < 0:
        raise ValueError("no such bell")
    heard.append(fact.times)


@events.later(BellRang)
def do(fact: BellRang) -> None:
    done.append(fact.times)


@jobs.job("tests.flaky")
def flaky(payload: dict[str, int]) -> None:
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def quiet():
    heard.clear()
    done.clear()


def test_a_fact_is_heard_at_once_and_done_later(app):
    with write():
        events.emit_fact(BellRang(3))
        assert heard == [3]
    assert done == []
    while jobs.run_one(app, "test"):
        pass
    assert done == [3]


def test_what_is_rolled_back_was_never_heard(app):
    with pytest.raises(ValueError, match="no such bell"), write():
        events.emit_fact(BellRang(-1))
    with pytest.raises(RuntimeError), write():
        events.emit_fact(BellRang(4))
        raise RuntimeError
    while jobs.run_one(app, "test"):
        pass
    assert done == []


def test_a_fact_outside_an_action_is_refused(app):
    with pytest.raises(RuntimeError, match="BellRang"):
        events.emit_fact(BellRang(1))


def test_a_key_is_taken_once(app):
    with write():
        jobs.enqueue("tests.flaky", {}, "only-once")
        jobs.enqueue("tests.flaky", {}, "only-once")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job).where(Job.key == "only-once")) == 1


def test_a_job_that_fails_is_tried_again_later_and_dies_at_last(app):
    with write():
        jobs.enqueue("tests.flaky", {}, "flaky")
    for _ in range(jobs.TRIES):
        with write():
            db.session.execute(sa.update(Job).values(run_at=sa.text("'2020-01-01 00:00:00'")))
        jobs.run_one(app, "test")
    db.session.rollback()
    row = db.session.scalars(sa.select(Job).where(Job.key == "flaky")).one()
    assert (row.state, row.tries) == ("dead", jobs.TRIES)
    assert "ZeroDivisionError" in row.error


def test_a_schedule_happens_once_a_turn(app):
    jobs.plan(app)
    jobs.plan(app)
    turns = db.session.scalars(sa.select(Job.key).where(Job.key.like("kit.outbox.clear:%"))).all()
    assert len(turns) == 1
