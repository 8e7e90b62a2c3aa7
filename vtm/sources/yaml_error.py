"""What is wrong with YAML."""


class YamlError(Exception):
    """Text that is no YAML, or none that is let in; a sentence goes on after the name of the file.

    Attributes:
        line: From 1; so is `column`.
    """

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
