"""Request documents: files beside a system's TOML file, with holes for named values.

CONTRIBUTING.md, "A system file, line by line": `request`.
"""

from connectors.system import Kind, System, SystemMistake


def document(system: System, kind: Kind) -> str:
    """The text of the document that `kind` names in `request`; raises SystemMistake."""
    name = kind.request.get("request")
    if not isinstance(name, str) or "/" in name or "\\" in name:
        raise SystemMistake(f"{system.id}.toml: kinds.{kind.name}.request names no file beside it")
    try:
        return (system.folder / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SystemMistake(f"{system.id}.toml: kinds.{kind.name}.request: {name} cannot be read") from error
