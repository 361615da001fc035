"""The main job: a list of URLs in, the outputs and a summary out."""

import io
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import closing, nullcontext, redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

from scraper.config import Config
from scraper.errors import ConfigError, ExportError, InputError
from scraper.export import EXPORTERS, Exporter, format_of
from scraper.export.atomic import check_writable, export_file
from scraper.export.csv import write_failures
from scraper.fetch.fetcher import Fetcher
from scraper.models import Outcome, Status
from scraper.parse import check_rules
from scraper.pipeline import Pipeline, Stats
from scraper.progress import ProgressDisplay, Summary
from scraper.sources import check_sources, parse_entry, read_sources
from scraper.store import ResultStore, Run, Snapshot

STANDARD_OUTPUT = "-"
INVALID_LINES_SHOWN = 5

Write = Callable[[TextIO], int]


@dataclass(frozen=True, slots=True)
class Output:
    """One file of products to write."""

    path: str
    """`-` is standard output."""
    format: str


@dataclass(frozen=True, slots=True)
class Job:
    """What one `scrape run` is asked to do."""

    sources: tuple[str, ...]
    outputs: tuple[Output, ...]
    config: Config
    url_column: str = "url"
    encoding: str | None = None
    fresh: bool = False
    retry_failed: bool = False

    @property
    def stem(self) -> Path:
        """What the names of the files beside the first output begin with."""
        files = [output.path for output in self.outputs if not output.path.startswith((STANDARD_OUTPUT, "/dev/"))]
        return Path(files[0]).with_suffix("") if files else Path("products")

    @property
    def store(self) -> Path:
        """The result store."""
        return Path(self.config.output.store or f"{self.stem}.db")

    @property
    def failures(self) -> Path:
        """Where the lines go that did not end as a product."""
        return Path(f"{self.stem}.failures.csv")


def choose_outputs(files: Iterable[str], format_given: str | None = None) -> tuple[Output, ...]:
    """The outputs that `files` name; `format_given` wins over suffixes. Raises ConfigError."""
    if format_given and format_given not in EXPORTERS:
        raise ConfigError(f"there is no format {format_given!r}; there are {', '.join(EXPORTERS)}")
    outputs = []
    for path in files:
        if path == STANDARD_OUTPUT and not format_given:
            raise ConfigError("standard output has no suffix: name its format with --format csv, jsonl or json")
        outputs.append(Output(path, format_given or format_of(path)))
    return tuple(outputs)


def check_job(job: Job) -> None:
    """Refuse what is bound to fail before the first request. Raises ConfigError, InputError or ExportError."""
    check_sources(job.sources)
    check_rules(job.config.sites)
    if job.retry_failed and not job.store.exists():
        raise InputError(
            f"{job.store}: there is no result store, so nothing to retry; run without --retry-failed first"
        )
    files = [Path(output.path) for output in job.outputs if output.path != STANDARD_OUTPUT]
    files.append(job.failures)
    written = [os.path.realpath(path) for path in (*files, job.store)]  # not `resolve`, which raises on a loop of links
    if len(set(written)) < len(written):
        raise ConfigError("outputs, failures and store must be files of their own; see -o and --store")
    read = {os.path.realpath(source) for source in job.sources}
    for path in (*files, job.store):
        if os.path.realpath(path) in read:
            raise ConfigError(f"{path}: would be read and overwritten; name other outputs with -o")
    for path in files:
        check_writable(path)


def run_job(
    job: Job,
    *,
    display: ProgressDisplay | None = None,
    on_outcome: Callable[[Outcome], None] | None = None,
    on_start: Callable[[Callable[[], None]], None] = lambda _: None,
) -> Summary:
    """Do the whole job; `on_start` is given the call that stops it early.

    A run that is stopped, or whose list or outputs fail, stays open in the store: the same job again resumes it.
    What went wrong with the list or an output is in the summary. Raises ScraperError if the job cannot begin, has no
    line, or its store fails.
    """
    check_job(job)
    fetcher = Fetcher(job.config.fetch)
    with ResultStore(job.store) as store:
        run = store.begin(_identities(job.sources), fresh=job.fresh, retry_failed=job.retry_failed)
        pipeline = Pipeline(job.config, fetcher, store, run, on_outcome=on_outcome)
        on_start(pipeline.stop)
        lines = read_sources(job.sources, url_column=job.url_column, encoding=job.encoding)
        # Standard output may be an output: what a site's parser prints does not belong there.
        with display or nullcontext() as on_progress, redirect_stdout(sys.stderr):
            stats = pipeline.run(lines, on_progress)
        with Snapshot(job.store, run.id) as snapshot:  # the list's own run, which need not be the store's last
            if not snapshot.counts() and not stats.is_stopped:
                raise stats.feed_error or InputError(
                    f"no URL in {', '.join(job.sources)}; the outputs are as they were"
                )
            outputs, errors = _write_all(_writers(job, snapshot))
            errors[:0] = filter(None, (stats.shortage, stats.feed_error))
            summary = _summarise(job, run, stats, snapshot, outputs, errors)
        if not summary.resume_hint and not errors:
            store.finish()  # last of all: killed before, the same command writes the outputs again
    return summary


def write_outputs(outputs: Iterable[Output], snapshot: Snapshot) -> None:
    """Write the products of a snapshot. Raises ExportError after trying all."""
    _, errors = _write_all(_product_writers(outputs, snapshot))
    if errors:
        raise errors[0]


def _product_writers(outputs: Iterable[Output], snapshot: Snapshot) -> list[tuple[str, Write]]:
    return [(output.path, partial(_export, EXPORTERS[output.format], snapshot)) for output in outputs]


def _export(exporter: Exporter, snapshot: Snapshot, stream: TextIO) -> int:
    with closing(snapshot.products()) as products:
        return exporter(products, stream)


def _writers(job: Job, snapshot: Snapshot) -> list[tuple[str, Write]]:
    writers = _product_writers(job.outputs, snapshot)
    if any(not status.is_product for status in snapshot.counts()):
        writers.append((str(job.failures), partial(write_failures, snapshot.failures())))
    else:
        job.failures.unlink(missing_ok=True)  # of an earlier run: it would tell of failures that are no more
    return writers


def _write_all(writers: Iterable[tuple[str, Write]]) -> tuple[list[str], list[Exception]]:
    """The files written, and why others were not."""
    written: list[str] = []
    errors: list[Exception] = []
    for path, write in writers:
        try:
            if path == STANDARD_OUTPUT:
                _write_to_standard_output(write)
            else:
                export_file(Path(path), write)
                written.append(path)
        except ExportError as error:
            errors.append(error)
    return written, errors


def _write_to_standard_output(write: Write) -> None:
    """In UTF-8, whatever the locale says, and with the line ends of the format."""
    if sys.stdout is None:
        raise ExportError("standard output: is closed")
    stream = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=True)
    try:
        write(stream)
    except OSError as error:
        raise ExportError(f"standard output: cannot be written: {error.strerror}") from error
    finally:
        stream.detach()


def _identities(sources: Iterable[str]) -> list[str]:
    """How the store knows the list again, from whatever folder it is named; without secrets."""
    return [_identity(source) for source in sources]


def _identity(source: str) -> str:
    if "://" in source:
        return parse_entry(source, "").given
    return source if source == "-" else os.path.realpath(source)


def _summarise(
    job: Job, run: Run, stats: Stats, snapshot: Snapshot, outputs: Iterable[str], errors: Iterable[Exception]
) -> Summary:
    counts = snapshot.counts()
    is_unfinished = Status.CANCELLED in counts or not stats.is_fed
    is_forced = job.fresh or job.retry_failed
    resume_hint = "run the same command again" + (", without --fresh or --retry-failed" if is_forced else "")
    return Summary(
        counts=counts,
        lines=sum(counts.values()),
        pages=snapshot.page_count(),
        fetched=stats.fetched,
        resumed=sum(run.done.values()),
        warned=snapshot.warned,
        wall_seconds=stats.wall_seconds,
        fetch_seconds=stats.fetch_seconds,
        failed_hosts=tuple(snapshot.failed_hosts()),
        invalid_lines=tuple(snapshot.invalid_lines(INVALID_LINES_SHOWN)),
        outputs=tuple(outputs),
        errors=tuple(errors),
        store=str(job.store),
        interrupted=stats.is_stopped,
        unread=not stats.is_fed,
        insecure=job.config.fetch.insecure,
        resume_hint=resume_hint if is_unfinished else None,
    )
