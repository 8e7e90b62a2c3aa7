"""What YAML allows and an edit must not meet: a key that stands twice, an alias of nothing."""

from vtm.sources.yaml_nodes import Node, YamlError, YamlProblem


def refuse_ambiguous(top: Node) -> None:
    """Let only a value pass in which no key is repeated, at any level, and no alias refers to nothing.

    Raises:
        YamlError: With the first place.
    """
    anchors: set[str] = set()
    for node in top.all():
        if node.anchor:
            anchors.add(node.anchor)
        if node.kind == "alias" and node.value not in anchors:
            raise YamlError(YamlProblem(f"has an alias *{node.value} of nothing", node.start, "correct it"))
        if node.kind == "mapping":
            _refuse_repeated_key(node)


def _refuse_repeated_key(mapping: Node) -> None:
    known: set[object] = set()
    for key, _ in mapping.pairs:
        name = key.value if key.kind == "scalar" else key.shape
        if name in known:
            what = f"has the key {key.value!r} twice"
            raise YamlError(YamlProblem(what, key.start, "remove one of the two", invalid=False))
        known.add(name)
