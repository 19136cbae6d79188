"""Work shared out among processes: results come in the order of the tasks, whoever is done first.

Processes, not threads, as half of reading is Python; started afresh (“spawn”), as a process with threads
cannot be forked safely. This module does not know what the work is.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from queue import SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar, cast

from ingest.records import ExplainedError

Task = TypeVar("Task")
Result = TypeVar("Result")

# One in hand and one waiting, so that a worker need not wait for this process.
_TASKS_OF_A_WORKER = 2
# Each worker has a core; libraries that start threads of their own would fight for it.
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
) | {"TOKENIZERS_PARALLELISM": "false"}


class WorkerError(ExplainedError):
    """No worker can be started; the message says what to do."""


def cores() -> int:
    """How many cores this process may use, which in a container may be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(slots=True, eq=False)
class _Job(Generic[Task, Result]):
    """A task and, in time, its result. ``killed`` counts the workers that died of it."""

    task: Task
    weight: int
    result: Result | None = None
    done: bool = False
    killed: int = 0


@dataclass(slots=True, eq=False)
class _Worker:
    process: SpawnProcess
    connection: Connection
    jobs: deque[_Job[Any, Any]] = field(default_factory=deque)  # the first is in hand
    ready: bool = False
    alone: bool = False  # with a job that another worker died of: it gets nothing else until that is done


class Team(Generic[Task, Result]):
    """Some processes that do tasks, each with what ``make`` returns, which is called there once.

    ``make`` and the tasks are sent by pickle. The work must not raise: what it cannot do is a result too.
    ``lost`` gives the result of a task that two workers in turn have died of, the second with nothing else to
    do; the rest goes on. No more tasks are taken at a time than weigh ``most`` for each worker, so memory is
    bounded however many there are.
    """

    def __init__(
        self,
        make: Callable[[], Callable[[Task], Result]],
        *,
        workers: int,
        lost: Callable[[Task], Result],
        weight: Callable[[Task], int] = lambda task: 1,
        most: int = 2 * _TASKS_OF_A_WORKER,
    ) -> None:
        self._make = make
        self._lost = lost
        self._weight = weight
        self._most = most * workers
        self._workers: list[_Worker] = []
        self._stillborn = 0  # workers killed before they had begun, since the last that did begin
        with _interrupts_blocked():
            for _ in range(workers):
                self._start()

    def ready(self) -> bool:
        """Whether a worker has begun, which takes it about a second."""
        self._listen(timeout=0)
        return any(worker.ready for worker in self._workers)

    def results(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
        """Yield each task with its result, in the order of the tasks.

        Raises WorkerError where a worker cannot begin, or two in turn are killed before they have.
        """
        source = iter(tasks)
        more = True
        weight = 0
        taken: deque[_Job[Task, Result]] = deque()  # in order, done or not
        waiting: deque[_Job[Task, Result]] = deque()  # not yet with a worker
        while more or taken:
            while taken and taken[0].done:
                job = taken.popleft()
                weight -= job.weight
                yield job.task, cast(Result, job.result)
            while more and not waiting and (not taken or weight < self._most) and self._free():
                try:
                    task = next(source)
                except StopIteration:
                    more = False
                    break
                job = _Job(task, self._weight(task))
                weight += job.weight
                taken.append(job)
                waiting.append(job)
                self._hand_out(waiting)
            if taken and not taken[0].done:
                waiting.extendleft(reversed(self._listen(timeout=None)))
                self._hand_out(waiting)

    def close(self) -> None:
        """End the processes, whatever they have in hand."""
        for worker in self._workers:
            worker.connection.close()  # at which a worker ends at once
        for worker in self._workers:
            worker.process.join(timeout=5)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self._workers.clear()

    def __enter__(self) -> Team[Task, Result]:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _start(self, jobs: Iterable[_Job[Task, Result]] = ()) -> None:
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
        process.start()
        theirs.close()  # so that ours tells when the process has ended
        worker = _Worker(process, ours, deque(jobs), alone=bool(jobs))
        self._workers.append(worker)
        for message in (self._make, *(job.task for job in worker.jobs)):
            _send(worker, message)

    def _free(self) -> bool:
        return any(_has_room(worker) for worker in self._workers)

    def _hand_out(self, waiting: deque[_Job[Task, Result]]) -> None:
        """Give what waits to the workers that have least to do."""
        while waiting and self._free():
            worker = min(filter(_has_room, self._workers), key=lambda w: (not w.ready, len(w.jobs)))
            job = waiting.popleft()
            worker.jobs.append(job)
            _send(worker, job.task)

    def _listen(self, *, timeout: float | None) -> list[_Job[Task, Result]]:
        """Take in what the workers have to say. → jobs of workers that died, to be handed out again."""
        orphans: list[_Job[Task, Result]] = []
        by_connection: dict[Any, _Worker] = {worker.connection: worker for worker in self._workers}
        for connection in wait(list(by_connection), timeout):
            worker = by_connection[connection]
            try:
                result = worker.connection.recv()
            except (EOFError, OSError):
                orphans += self._bury(worker)
                continue
            if not worker.ready:
                worker.ready = True
                self._stillborn = 0
                continue
            job = worker.jobs.popleft()
            job.result, job.done = result, True
            worker.alone = False
        return orphans

    def _bury(self, worker: _Worker) -> list[_Job[Task, Result]]:
        """Replace a worker that died. The job that it had in hand goes to one that has nothing else."""
        worker.process.join()
        self._workers.remove(worker)
        worker.connection.close()
        if worker.ready:
            in_hand = [worker.jobs.popleft()] if worker.jobs else []
        else:
            self._count_stillborn(worker)
            in_hand = []
        for job in in_hand:
            job.killed += 1
            if job.killed == 2:
                job.result, job.done = self._lost(job.task), True
        orphans = [*in_hand, *worker.jobs]
        suspects = [job for job in orphans if job.killed == 1]
        with _interrupts_blocked():
            self._start(suspects)
        return [job for job in orphans if job.killed == 0]

    def _count_stillborn(self, worker: _Worker) -> None:
        """Raise WorkerError unless this is the first in turn, and was killed from outside.

        What ends by itself would end again; what was killed, for want of memory perhaps, need not be.
        """
        self._stillborn += 1
        exit_status = worker.process.exitcode or 0
        if self._stillborn > 1 or exit_status >= 0:
            raise WorkerError(
                f"a process to read with ended before it had begun (exit status {exit_status}); "
                "if memory is short give a smaller --workers"
            )


def _send(worker: _Worker, message: object) -> None:
    with suppress(OSError):  # where it has died, the next look at its connection tells
        worker.connection.send(message)


def _has_room(worker: _Worker) -> bool:
    return len(worker.jobs) < _TASKS_OF_A_WORKER and not worker.alone


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Ctrl-C goes to all processes of a terminal: those that start now never hear of it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # its start, at the first use, would lift the mask again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection) -> None:
    """What a worker does: one task after the other, until its parent closes the connection or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(_ONE_THREAD)  # before what reads with them is imported, as receiving it does
    tasks: SimpleQueue[Any] = SimpleQueue()
    try:
        work = connection.recv()()
        connection.send(True)
        # A thread of its own always takes what is sent, so that neither side can wait for the other.
        Thread(target=_receive, args=(connection, tasks), daemon=True).start()
        while True:
            connection.send(work(tasks.get()))
    except (EOFError, ConnectionError):
        os._exit(0)


def _receive(connection: Connection, tasks: SimpleQueue[Any]) -> None:
    try:
        while True:
            tasks.put(connection.recv())
    except (EOFError, OSError):
        os._exit(0)  # even in the middle of a task: nobody waits for it
