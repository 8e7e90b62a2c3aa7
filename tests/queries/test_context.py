"""What of a task's documents goes into a budget."""

import re
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.projects import put, task, write
from vtm.app.app import App
from vtm.app.contexts import context_of
from vtm.errors import WrongUsageError
from vtm.model.document import Document
from vtm.model.plain import many_lines
from vtm.model.task import Task
from vtm.queries.relevance import Relevance, Why
from vtm.rendering.render import Terminal, as_json, as_text
from vtm.sources.document_sections import sections

OWN = task(
    "PAY--T01",
    "Refund a voucher",
    acceptance_criteria=[{"id": "PAY--T01-AC01", "text": "The amount is capped"}],
    related_specs=["docs/specs/shop.md", "docs/specs/pay.md"],
)
HOSTILE = '\x1b[31m\u202e\x00```` ~~~~ \u2028 \ufeff \\ " é 漢'

NAMES = ["PAY--T01", "PAY--T01-AC01", "payments", "a PAY b", "voucher", "nothing", "PAY--T012", "capped\tx"]
BLOCKS = st.one_of(
    st.builds(lambda level, text: f"{'#' * level} {text}", st.integers(1, 6), st.sampled_from(NAMES)),
    st.builds(lambda text, mark: f"{text}\n{mark}", st.sampled_from(NAMES), st.sampled_from(["===", "---"])),
    st.builds("\n".join, st.lists(st.sampled_from([*NAMES, "x" * 70]), min_size=1)),
    st.builds(
        lambda mark, indent, body: "\n".join([indent + mark, *body, indent + mark]),
        st.sampled_from(["```", "~~~~", "````"]),
        st.sampled_from(["", "  ", "- ", "> ", "1. "]),
        st.lists(st.sampled_from(["", "# no heading", "x = 1", "    y", "~~~", "`", "\tvoucher", "---"])),
    ),
    st.builds(
        lambda mark, first, rest, body: "\n".join(
            [first + mark, *(f"{rest}{line}".rstrip() for line in body), rest + mark]
        ),
        st.sampled_from(["```", "~~~"]),
        st.sampled_from(["- ", "1. ", "> ", "  - ", "- text\n\n  ", "> - "]),
        st.sampled_from(["  ", "   ", "> ", "    ", ">   "]),
        st.lists(st.sampled_from(["", "# no heading", "x = 1", "    y", "~~~", "```", "  ```", "---"])),
    ),
    st.just("    indented\n\n    # code\n\n\tmore"),
    st.just("- one\n\n  two\n\n      code\n\n      code"),
    st.just("---\na: b\n# c\n---"),
    st.sampled_from(
        [
            "<!-- \n# c\n-->",
            "<!--\n```\n-->",
            "<pre>\n\n```\n</pre>",
            "<div>\n```\n</div>",
            "- <!--\n  ```\n  -->",
        ]
    ),
    st.text(alphabet=HOSTILE.replace("\x00", "") + "\n\r #`-~>1.", max_size=60),
)
DOCUMENTS = st.builds(
    lambda blocks, end: "\n\n".join(blocks) + end, st.lists(BLOCKS), st.sampled_from(["", "\n"])
)


def lines_of(text):
    lines = re.split(r"\r\n?|\n", text.removeprefix("\ufeff"))
    return lines[:-1] if len(lines) > 1 and not lines[-1] else lines


def code_blocks(text):
    """First and last line of all code outside and inside of lists and quotes, as CommonMark has it."""
    for token in MarkdownIt("commonmark").parse("\n".join(lines_of(text))):
        if token.type in {"fence", "code_block"}:
            first, end = token.map
            yield first + 1, end


@given(DOCUMENTS)
def test_sections_are_all_of_a_document_and_cut_no_code(text):
    document = Document("a.md", lines=tuple(lines_of(text)))
    found = sections(document)
    spans = [block for each in found for block in each.blocks]
    assert [number for first, last in spans for number in range(first, last + 1)] == list(
        range(1, len(document.lines) + 1)
    )
    assert [(each.blocks[0].first, each.blocks[-1].last) for each in found] == [each.span for each in found]
    if not document.lines[0].startswith("---"):  # CommonMark knows no front matter
        starts = {first for first, _ in spans}
        for first, last in code_blocks(text):
            assert starts.isdisjoint(range(first + 1, last + 1))


@given(st.lists(DOCUMENTS, min_size=2, max_size=2), st.integers(1, 400))
def test_an_answer_keeps_to_its_budget_accounts_for_every_line_and_fences_it(texts, budget):
    with TemporaryDirectory() as folder:
        root = write(folder, [OWN])
        for path, text in zip(OWN["related_specs"], texts, strict=True):
            (root / path).write_bytes(text.encode("utf-8", "surrogatepass"))
        app = App.at(root)
        own = app.backlog["PAY--T01"]
        try:
            answer = context_of(app, own, budget)
        except WrongUsageError as error:
            least = int(re.search(r"at least (\d+)", error.fix)[1])
            assert least > budget
            budget, answer = least, context_of(app, own, least)
    for form in (as_json, as_text):
        assert len(form(answer, Terminal()) + "\n") <= 4 * min(budget, answer.tokens)
    for path, text in zip(OWN["related_specs"], texts, strict=True):
        lines = lines_of(text)
        pieces = [each for each in answer.pieces if each.path == path]
        left = [span for each in answer.left_out if each.path == path for span in each.lines]
        spans = sorted([*left, *((each.first_line, each.last_line) for each in pieces)])
        assert [number for first, last in spans for number in range(first, last + 1)] == list(
            range(1, len(lines) + 1)
        )
        for each in pieces:
            assert each.text == "\n".join(lines[each.first_line - 1 : each.last_line])
    assert answer.truncated == bool(answer.left_out)
    tokens = MarkdownIt("commonmark").parse(as_text(answer, Terminal()))
    fenced = [token.content for token in tokens if token.type in {"fence", "code_block", "html_block"}]
    assert fenced == [f"{many_lines(each.text)}\n" for each in answer.pieces]
    assert sum(token.type == "heading_open" for token in tokens) == 1 + len(fenced) + bool(answer.left_out)


def rated(text, **more):
    own = msgspec.convert(OWN | more, Task)
    return Relevance(own).of(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("see PAY--T01.", "task"),
        ("(PAY--T01-AC01)", "task"),
        ("PAY--T01-AC09 of before", "task"),
        ("PAY--T012", "capability"),
        ("X-PAY--T01", "capability"),
        ("Who can pay?", "capability"),
        ("They paid by payment", None),
        ("A VOUCHER, twice", "words"),
        ("amounts", "words"),
        ("They will be there", None),
        ("", None),
    ],
)
def test_what_names_a_task(text, why):
    assert rated(text) == why


@pytest.mark.parametrize(
    ("capability", "text", "why"),
    [
        ("READ_RECEIPTS", "All read receipts", "capability"),
        ("READ_RECEIPTS", "Receipts that are read", None),
        ("", "pay", None),
        (" _ ", "x _ y", None),
        ("C++", "with C++", "capability"),
        ("a.b", "a-b", None),
    ],
)
def test_capability(capability, text, why):
    assert rated(text, capability_id=capability) == why


SECTIONS = {
    "words": "## One\n\nA voucher has an amount.\n",
    "few": "## Two\n\nOf which amounts ?????.\n",
    "capability": "## Tri\n\nWays to pay ????????????.\n",
    "task": "## For\n\nPAY--T01-AC01 how much??.\n",
    "nothing": "## Fiv\n\nLong ago ???????????????.\n",
}


@pytest.fixture
def shop(tmp_path):
    """A project whose one document has all these sections, each followed by one that is of no use."""
    useless = "".join(
        f"{section}\n## Other {at}\n\n{'x' * 500}\n\n" for at, section in enumerate(SECTIONS.values())
    )
    put(tmp_path, "docs/all.md", "# All\n\n" + useless)
    write(tmp_path, [OWN | {"related_specs": ["docs/all.md"]}])
    return App.at(tmp_path)


def test_the_order_of_preference(shop):
    """With more and more room, sections come in this order."""
    own, came = shop.backlog["PAY--T01"], []
    for budget in range(110, 700, 10):
        text = "\n".join(each.text for each in context_of(shop, own, budget).pieces)
        here = {name for name, section in SECTIONS.items() if section.split("\n\n")[1].strip() in text}
        came += [name for name in ("task", "capability", "words", "few", "nothing") if name in here - {*came}]
    assert came == ["task", "capability", "words", "few"]


def test_a_section_that_a_reference_names_is_of_the_task(shop):
    own = msgspec.structs.replace(shop.backlog["PAY--T01"], related_specs=("docs/all.md#other-1",))
    piece = context_of(shop, own, 330).pieces[0]
    assert piece.text.startswith("## Other 1\n")
    assert piece.why == Why.TASK


def test_of_a_section_that_does_not_fit_there_are_blocks(tmp_path):
    put(
        tmp_path,
        "docs/all.md",
        "".join(f"Paragraph {number}{' x' * 99}\n\n" for number in range(99)) + "voucher",
    )
    write(tmp_path, [OWN | {"related_specs": ["docs/all.md"]}])
    app = App.at(tmp_path)
    answer = context_of(app, app.backlog["PAY--T01"], 200)
    assert [(each.first_line, each.text, each.why) for each in answer.pieces] == [(199, "voucher", "words")]
    (left,) = answer.left_out
    assert (left.lines, left.characters) == ([(1, 198)], left.about)


def test_a_file_of_another_kind_is_whole_or_absent(tmp_path):
    put(tmp_path, "docs/all.yaml", "# voucher\n\na: 1\n\n" + "# x\n" * 999)
    write(tmp_path, [OWN | {"related_specs": ["docs/all.yaml"]}])
    app = App.at(tmp_path)
    assert context_of(app, app.backlog["PAY--T01"], 500).pieces == []
    assert len(context_of(app, app.backlog["PAY--T01"], 5000).pieces) == 1
