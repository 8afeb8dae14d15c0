"""The command ``jorge``: one module a command, with ``add_arguments(parser)`` and ``run(arguments) -> exit status``."""
