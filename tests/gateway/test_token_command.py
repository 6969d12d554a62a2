"""gateway token: what is wrong is said in a sentence."""

from pathlib import Path

from typer.testing import CliRunner

from gateway.cli import main
from gateway.demo.place import Place


def test_an_unknown_user_is_told_who_there_is(tmp_path: Path) -> None:
    Place("http://127.0.0.1:1", "issuer", "audience").write(tmp_path)

    words = ["token", "--user", "nobody", "--purpose", "emergency-care", "--dir", str(tmp_path)]
    result = CliRunner().invoke(main, words)

    assert result.exit_code == 1
    assert result.output.startswith("there is no demo user nobody; there are dr.sen, ")


def test_without_a_demo_it_says_how_to_start_one(tmp_path: Path) -> None:
    words = ["token", "--user", "dr.sen", "--purpose", "emergency-care", "--dir", str(tmp_path)]
    result = CliRunner().invoke(main, words)

    assert result.exit_code == 1
    assert "Start one with: gateway demo" in result.output
