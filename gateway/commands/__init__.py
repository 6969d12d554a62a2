"""The gateway command's subcommands, a file each; what they print is for people, or JSON on demand."""
