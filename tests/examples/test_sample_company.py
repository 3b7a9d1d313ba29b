"""The sample company is whole: its formats, its rights and its questions agree with its documents."""

import re
import zipfile
from collections import defaultdict
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import yaml

EXAMPLES = Path(__file__).parents[2] / "examples"
COMPANY = EXAMPLES / "company"
DOCUMENTS = COMPANY / "documents"
RIGHTS = yaml.safe_load((COMPANY / "rights.yaml").read_text(encoding="utf-8"))
QUESTIONS = yaml.safe_load((COMPANY / "questions.yaml").read_text(encoding="utf-8"))["questions"]
EXPECTED = [(entry["question"], wanted) for entry in QUESTIONS for wanted in entry["expect"]]
PATHS = sorted(
    path.relative_to(DOCUMENTS).as_posix() for path in DOCUMENTS.rglob("*") if path.is_file()
)
SCANS = {"production/maintenance/lettre-controle-chaudiere-1998.pdf"}
OFFICE = {".docx", ".pptx", ".xlsx", ".ods", ".odt"}
FORMATS = OFFICE | {".pdf", ".html", ".md", ".txt", ".csv", ".eml", ".png"}


def rule_of(path: str) -> dict[str, Any] | None:
    """The most specific rule that covers a document."""
    covering = [
        rule
        for rule in RIGHTS["rules"]
        if path == rule["path"]
        or (rule["type"] == "folder" and path.startswith(f"{rule['path']}/"))
    ]
    return max(covering, key=lambda rule: len(rule["path"]), default=None)


def groups_of(login: str) -> set[str]:
    declared = {group["id"]: group.get("contains_groups", []) for group in RIGHTS["groups"]}
    user = next(user for user in RIGHTS["users"] if user["id"] == login)
    groups = {"*"} | (set(user["groups"]) & set(declared))
    while True:
        outer = {name for name, inner in declared.items() if groups & set(inner)} - groups
        if not outer:
            return groups
        groups |= outer


def may_read(login: str, path: str) -> bool:
    rule = rule_of(re.sub(r"\.eml/.*", ".eml", path))
    user = next(user for user in RIGHTS["users"] if user["id"] == login)
    if rule is None or rule["classification"] > user.get("clearance", "C3"):
        return False

    def named(principals: dict[str, list[str]]) -> bool:
        inside = groups_of(login) & set(principals.get("groups", []))
        return bool(inside) or login in principals.get("users", [])

    return named(rule.get("read", {})) and not named(rule.get("deny", {}))


@cache
def text_of(path: str, page: int | str | None) -> str:
    if ".eml/" in path:
        message, name = path.split(".eml/")
        content = attachments_of(f"{message}.eml")[name]
    else:
        content = (DOCUMENTS / path).read_bytes()
    suffix = Path(path).suffix
    if suffix == ".pdf":
        with pypdfium2.PdfDocument(content) as document:
            wanted = [int(page) - 1] if page else range(len(document))
            text = " ".join(document[index].get_textpage().get_text_range() for index in wanted)
    elif suffix == ".eml":
        body = message_from_bytes(content, EmailMessage, policy=policy.default).get_body()
        text = body.get_content() if body else ""
    elif suffix in OFFICE:
        with zipfile.ZipFile(DOCUMENTS / path) as package:
            members = [name for name in package.namelist() if name.endswith(".xml")]
            if suffix == ".pptx":
                members = [f"ppt/slides/slide{page}.xml"]
            text = " ".join(package.read(name).decode() for name in members)
        text = re.sub(r"</(?:\w+:)?(?:p|h|t|v|si|c)>", " ", text)
        text = unescape(re.sub(r"<[^>]+>", "", text))
    else:
        text = content.decode("cp1252" if "ligne-2" in path else "utf-8")
    return " ".join(text.split())


def attachments_of(path: str) -> dict[str, bytes]:
    content = (DOCUMENTS / path).read_bytes()
    message = message_from_bytes(content, EmailMessage, policy=policy.default)
    return {
        str(part.get_filename()): part.get_payload(decode=True)
        for part in message.iter_attachments()
    }


def test_every_format_is_present() -> None:
    assert {Path(path).suffix for path in PATHS} == FORMATS
    assert 40 <= len(PATHS) <= 60


def test_the_whole_tree_stays_light() -> None:
    assert sum((DOCUMENTS / path).stat().st_size for path in PATHS) < 6_000_000


def test_every_source_has_its_document() -> None:
    sources = EXAMPLES / "sources"
    for source in sources.rglob("*.*"):
        if source.is_file() and ".attachments/" not in source.as_posix():
            assert source.relative_to(sources).with_suffix("").as_posix() in PATHS


def test_messages_carry_a_pdf_and_workbooks() -> None:
    names = [name for path in PATHS if path.endswith(".eml") for name in attachments_of(path)]
    assert {Path(name).suffix for name in names} == {".pdf", ".xlsx"}


def test_the_scan_has_no_text_of_its_own() -> None:
    assert [text_of(path, None) for path in SCANS] == [""]


def test_one_manual_has_thirty_pages() -> None:
    manual = DOCUMENTS / "production/maintenance/manuel-maintenance-pompes-AV.pdf"
    with pypdfium2.PdfDocument(manual) as document:
        assert len(document) == 30


def test_the_three_encodings_of_plain_text_are_present() -> None:
    latin = (DOCUMENTS / "commun/mot-du-directeur-2003.txt").read_bytes()
    windows = (DOCUMENTS / "production/incidents/compte-rendu-incident-ligne-2.txt").read_bytes()
    for content in (latin, windows):
        with pytest.raises(UnicodeDecodeError):
            content.decode("utf-8")
    assert not re.search(rb"[\x80-\x9f]", latin)
    assert re.search(rb"[\x80-\x9f]", windows)
    assert "à" in (DOCUMENTS / "commun/note-fermeture-noel-2026.txt").read_text(encoding="utf-8")


def test_exactly_one_document_is_kept_twice() -> None:
    copies: defaultdict[bytes, list[str]] = defaultdict(list)
    for path in PATHS:
        copies[sha256((DOCUMENTS / path).read_bytes()).digest()].append(path)
    assert [len(paths) for paths in copies.values() if len(paths) > 1] == [2]


def test_each_rule_names_something_that_exists_and_decides_something() -> None:
    used = [rule_of(path) for path in PATHS]
    for rule in RIGHTS["rules"]:
        place = DOCUMENTS / rule["path"]
        assert place.is_dir() if rule["type"] == "folder" else place.is_file()
        assert rule in used, f"{rule['path']} decides nothing"


def test_every_kind_of_rule_is_shown() -> None:
    rules = RIGHTS["rules"]
    assert {rule["type"] for rule in rules} == {"folder", "file"}
    assert {rule["classification"] for rule in rules} == {"C0", "C1", "C2", "C3"}
    assert any("*" in rule["read"].get("groups", []) for rule in rules)
    assert any(rule["read"].get("users") for rule in rules)
    assert any(rule.get("deny", {}).get("groups") for rule in rules)
    assert any(rule.get("deny", {}).get("users") for rule in rules)
    assert any(user.get("clearance") for user in RIGHTS["users"])
    assert any(group.get("contains_groups") for group in RIGHTS["groups"])
    assert [path for path in PATHS if rule_of(path) is None]


def test_each_rule_refers_to_declared_people() -> None:
    groups = {group["id"] for group in RIGHTS["groups"]} | {"*"}
    users = {user["id"] for user in RIGHTS["users"]}
    for rule in RIGHTS["rules"]:
        for principals in (rule["read"], rule.get("deny", {})):
            assert set(principals.get("groups", [])) <= groups
            assert set(principals.get("users", [])) <= users


def test_a_denied_person_would_have_read_otherwise() -> None:
    for rule in RIGHTS["rules"]:
        for login in rule.get("deny", {}).get("users", []):
            assert groups_of(login) & set(rule["read"]["groups"])


def test_the_first_question_gives_two_people_two_answers() -> None:
    first, second = QUESTIONS[0]["expect"]
    assert first["user"] != second["user"]
    assert first["path"] != second["path"]
    assert not may_read(first["user"], second["path"])


def test_questions_come_in_both_languages_with_follow_ups_and_refusals() -> None:
    assert len(QUESTIONS) >= 30
    assert {entry["language"] for entry in QUESTIONS} == {"fr", "en"}
    assert sum("history" in entry for entry in QUESTIONS) >= 3
    assert any(wanted.get("not_found") and "hidden" not in wanted for _, wanted in EXPECTED)
    for entry in QUESTIONS:
        for turn in entry.get("history", []):
            assert set(turn) == {"role", "text"}


@pytest.mark.parametrize(("question", "wanted"), EXPECTED)
def test_each_expected_answer_stands_where_its_reader_may_read_it(
    question: str, wanted: dict[str, Any]
) -> None:
    login = wanted["user"]
    if wanted.get("not_found"):
        assert set(wanted) <= {"user", "not_found", "hidden"}, question
        if "hidden" in wanted:
            assert wanted["hidden"] in PATHS
            assert not may_read(login, wanted["hidden"])
        return
    path = wanted["path"]
    assert may_read(login, path), f"{login} may not read {path}"
    if path in SCANS or path.endswith(".png"):
        source = EXAMPLES / "sources" / f"{path}.md"
        assert wanted["answer"] in " ".join(source.read_text(encoding="utf-8").split())
    else:
        assert wanted["answer"] in text_of(path, wanted.get("page"))
