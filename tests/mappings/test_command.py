"""`python -m mappings`, for people who write mappings."""

from pathlib import Path

import pytest

from mappings.__main__ import main

EXAMPLES = Path(__file__).parent / "examples"
RIVERSIDE = EXAMPLES / "mappings" / "riverside"
SYSTEMS = ["--systems", str(EXAMPLES / "systems")]


def test_run_prints_the_resources_and_what_was_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SYSTEMS, "run", str(RIVERSIDE / "person.yaml")]) == 0

    printed = capsys.readouterr().out
    assert '"family": "Okafor"' in printed
    assert "record 2: not mapped: dob: not a date that exists\n" in printed
    assert "not read by this mapping: religion (not asked for by anyone yet)\n" in printed


def test_run_takes_other_records_and_tells_notes_and_unknown_codes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records = tmp_path / "records.json"
    records.write_text('{"person_id": "1", "nhs_no": "1", "sex": "?"}', encoding="utf-8")

    assert main([*SYSTEMS, "run", str(RIVERSIDE / "person.yaml"), str(records)]) == 0

    printed = capsys.readouterr().out
    assert "record 1: noted: nhs_no: not an NHS number: it has not ten digits\n" in printed
    assert "not known to riverside-sex: ? (1)\n" in printed


def test_show_prints_the_generated_function(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SYSTEMS, "show", str(RIVERSIDE / "measurement.yaml")]) == 0

    assert capsys.readouterr().out.startswith("def body(record, run):\n")


def test_check_prints_the_mistakes_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "riverside").mkdir()
    (tmp_path / "riverside" / "x.yaml").write_text("system: riverside\n", encoding="utf-8")

    assert main([*SYSTEMS, "check", str(EXAMPLES / "mappings")]) == 0
    assert capsys.readouterr().out == "no mistakes\n"
    assert main([*SYSTEMS, "check", str(tmp_path)]) == 1
    assert "riverside/x.yaml:1 key: is missing\n" in capsys.readouterr().out


def test_run_of_a_wrong_file_prints_its_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "riverside" / "x.yaml"
    file.parent.mkdir()
    file.write_text(
        "system: riverside\nkind: persn\nfact: identity\nkey: = id\nresource: = .\n", encoding="utf-8"
    )

    assert main([*SYSTEMS, "run", str(file)]) == 1
    assert "x.yaml:2 kind: 'riverside' has no kind 'persn'; nearest 'person'" in capsys.readouterr().out


def test_functions_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["functions"]) == 0

    assert "| `words` |  | The words of a text. |" in capsys.readouterr().out
