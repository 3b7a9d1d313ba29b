"""The parser process: same answers, hard limits, always another file after a bad one."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from centaure.knowledge.parsing import (
    Box,
    ParseFailure,
    ParserProcess,
    ParseStatus,
    ProcessLimits,
    parse_file,
    wire,
)


def test_the_process_answers_as_the_function_does(samples: dict[str, Path]) -> None:
    with ParserProcess() as process:
        for extension, path in samples.items():
            if extension != "png":
                assert process.parse(path) == parse_file(path)


def test_one_child_serves_many_files(samples: dict[str, Path]) -> None:
    with ParserProcess() as process:
        process.parse(samples["txt"])
        first = process._process
        process.parse(samples["md"])
        assert process._process is first


def slow_csv(path: Path) -> Path:
    # One row of very many quoted fields takes the csv module seconds.
    path.write_bytes(b"a;b\n" + b'"x""y";' * 8_000_000)
    return path


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read(
    samples: dict[str, Path], tmp_path: Path
) -> None:
    with ParserProcess(ProcessLimits(wall_seconds=0.05)) as process:
        outcome = process.parse(slow_csv(tmp_path / "slow.csv"))
        assert outcome.status is ParseStatus.TOO_LARGE
        assert "seconds" in outcome.reason
        process._limits = ProcessLimits()
        assert process.parse(samples["txt"]).status is ParseStatus.PARSED


def test_computing_time_is_bounded(samples: dict[str, Path], tmp_path: Path) -> None:
    with ParserProcess(ProcessLimits(cpu_seconds=1)) as process:
        outcome = process.parse(slow_csv(tmp_path / "slow.csv"))
        assert outcome.status in (ParseStatus.TOO_LARGE, ParseStatus.PARSED)
        assert process.parse(samples["txt"]).status is ParseStatus.PARSED


def test_memory_is_bounded(samples: dict[str, Path], tmp_path: Path) -> None:
    with ParserProcess(ProcessLimits(memory_bytes=200 * 1024 * 1024)) as process:
        big = tmp_path / "big.txt"
        big.write_bytes("é".encode() * 30_000_000)
        outcome = process.parse(big)
        assert outcome.status in (ParseStatus.TOO_LARGE, ParseStatus.CORRUPTED)
        assert "memory" in outcome.reason
        assert process.parse(samples["txt"]).status is ParseStatus.PARSED


def test_a_killed_child_is_replaced(samples: dict[str, Path]) -> None:
    with ParserProcess() as process:
        process.parse(samples["txt"])
        assert process._process is not None
        os.kill(process._process.pid, signal.SIGKILL)
        process._process.wait()
        assert process.parse(samples["txt"]).status is ParseStatus.PARSED


def test_the_child_dies_with_its_owner(samples: dict[str, Path]) -> None:
    program = (
        "import sys, time\nfrom pathlib import Path\n"
        "from centaure.knowledge.parsing import ParserProcess\n"
        "process = ParserProcess()\nprocess.parse(Path(sys.argv[1]))\n"
        "print(process._process.pid, flush=True)\ntime.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(samples["txt"])], stdout=subprocess.PIPE
    ) as owner:
        assert owner.stdout is not None
        child = int(owner.stdout.readline())
        os.kill(owner.pid, signal.SIGKILL)
        owner.wait()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _alive(child):
        time.sleep(0.05)
    assert not _alive(child)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_secrets_of_the_environment_do_not_reach_the_child(
    samples: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CENTAURE_DATABASE_URL", "postgresql://secret")
    with ParserProcess() as process:
        process.parse(samples["txt"])
        assert process._process is not None
        environment = Path(f"/proc/{process._process.pid}/environ").read_bytes()
    assert b"secret" not in environment


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {},
        {"status": "parsed", "reason": "", "document": None},
        {"status": "sound", "reason": "", "document": None},
        {"status": "empty", "reason": 3, "document": None},
        {"status": "parsed", "reason": "", "document": {"format": "pdf", "blocks": [[1, 2]]}},
        {"status": "parsed", "reason": "", "document": {"format": "pdf", "blocks": "x"}},
    ],
)
def test_an_answer_that_is_none_is_refused(answer: object) -> None:
    with pytest.raises(wire.MalformedAnswerError):
        wire.decode_outcome(answer)


def test_a_page_is_drawn_with_its_quote_marked(samples: dict[str, Path]) -> None:
    with ParserProcess() as process:
        plain = process.render(samples["pdf"], 1)
        by_quote = process.render(samples["pdf"], 1, quote="Ligne 3 du texte")
        by_box = process.render(samples["pdf"], 1, boxes=[Box(1, 72, 100, 200, 120)])
        other_page = process.render(samples["pdf"], 1, boxes=[Box(2, 72, 100, 200, 120)])
        assert plain.startswith(b"\x89PNG")
        assert len({plain, by_quote, by_box}) == 3
        assert other_page == plain
        assert process.render(samples["png"], 1).startswith(b"\x89PNG")
        with pytest.raises(ParseFailure):
            process.render(samples["pdf"], 2)
        with pytest.raises(ParseFailure):
            process.render(samples["docx"], 1)


def test_an_attachment_is_found_again_through_its_messages(samples: dict[str, Path]) -> None:
    with ParserProcess() as process:
        found = process.extract_attachment(samples["eml"], "données.csv")
        assert found.content == b"a;b\n1;2\n"
        assert (
            process.extract_attachment(samples["eml"], "Transfert.eml/vide.pdf").content == b"%PDF-"
        )
        with pytest.raises(ParseFailure):
            process.extract_attachment(samples["eml"], "absent.csv")


def test_importing_the_package_imports_no_format_library() -> None:
    program = (
        "import sys, centaure.knowledge.parsing\n"
        "heavy = {'pypdfium2', 'docx', 'pptx', 'openpyxl', 'lxml', 'trafilatura', 'PIL', 'markdown_it'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def test_no_child_is_started_once_it_is_left(samples: dict[str, Path]) -> None:
    with ParserProcess() as process:
        assert process.parse(samples["txt"]).status is ParseStatus.PARSED
    outcome = process.parse(samples["txt"])
    assert (outcome.status, outcome.document) == (ParseStatus.CORRUPTED, None)
    assert "ended" in outcome.reason
    assert process._process is None
