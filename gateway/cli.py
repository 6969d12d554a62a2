"""The gateway command: https://typer.tiangolo.com/

Exit status 0: done. 1: not as it should be. 2: called wrongly.
"""

import sys

import typer

from gateway.commands import ask, audit, demo, docs, keys, mapping, serve, token

main = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Shows the whole child: asks every agency at once, and says who answered and who did not.

Start with `gateway demo`, then in another terminal:

    gateway ask 9990001375 --user dr.sen --purpose emergency-care
""",
)
main.add_typer(demo.app, name="demo")
main.command("ask")(ask.ask)
main.command("token")(token.token)
main.command("serve")(serve.serve)
main.add_typer(keys.app, name="keys")
main.add_typer(mapping.app, name="mapping")
main.add_typer(audit.app, name="audit")
main.command("docs")(docs.docs)

if __name__ == "__main__":
    sys.exit(main())
