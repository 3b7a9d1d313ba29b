"""What is kept of a page as Confluence stores it: its own words, and nothing of other pages."""

import pytest

from centaure.knowledge.connectors.confluence.storage import as_html


def macro(name, body):
    return f'<ac:structured-macro ac:name="{name}">{body}</ac:structured-macro>'


SECRET = (
    '<ac:parameter ac:name="page"><ac:link><ri:page ri:content-title="Secret" />'
    "</ac:link></ac:parameter>"
)
RICH = "<ac:rich-text-body><p>Own words.</p></ac:rich-text-body>"
PLAIN = "<ac:plain-text-body><![CDATA[if a < b && c: &nbsp;]]></ac:plain-text-body>"


@pytest.mark.parametrize(
    ("storage", "expected"),
    [
        ("", ""),
        ("<p>A&nbsp;b &amp; &eacute; &lt;i&gt;</p>", "<p>A\xa0b &amp; é &lt;i&gt;</p>"),
        ("no markup at all", "no markup at all"),
        ('<h1 style="x">T</h1><p>a<br/>b</p>', "<h1>T</h1><p>a<br>b</p>"),
        ('<table><tr><td colspan="2">1</td></tr></table>',) * 2,
        ('<a href="https://example.org/?a=1&amp;b">x</a>',) * 2,
        ("a <script>alert(1)</script> b", "a  b"),
        (macro("code", PLAIN), "<div><pre>if a &lt; b &amp;&amp; c: &amp;nbsp;</pre></div>"),
        (macro("panel", SECRET + RICH), "<div><p>Own words.</p></div>"),
        (macro("excerpt", RICH), "<div><p>Own words.</p></div>"),
        (macro("include", SECRET), ""),
        (f"a {macro('excerpt-include', SECRET + RICH)} b", "a  b"),
        (macro("detailssummary", SECRET), ""),
        (
            macro("info", f"<ac:rich-text-body>x{macro('include', SECRET)}y</ac:rich-text-body>"),
            "<div>xy</div>",
        ),
        (
            (
                '<ac:link><ri:page ri:content-title="Secret"/>'
                "<ac:plain-text-link-body><![CDATA[see <it>]]></ac:plain-text-link-body></ac:link>."
            ),
            "see &lt;it&gt;.",
        ),
        (
            "<ac:link><ri:page ri:content-title='Secret'/><ac:link-body><b>it</b></ac:link-body></ac:link>",
            "<b>it</b>",
        ),
        ("<ac:link><ri:page ri:content-title='Secret'/></ac:link>", ""),
        ("<ac:image><ri:attachment ri:filename='secret.png'/></ac:image>", ""),
        (
            (
                "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status>"
                "<ac:task-body>Do it</ac:task-body></ac:task></ac:task-list>"
            ),
            "<ul><li>Do it</li></ul>",
        ),
        (
            (
                "<ac:layout><ac:layout-section><ac:layout-cell><p>x</p></ac:layout-cell></ac:layout-section>"
                "</ac:layout>"
            ),
            "<div><div><div><p>x</p></div></div></div>",
        ),
        ("a <ac:inline-comment-marker ac:ref='1'>b</ac:inline-comment-marker> c", "a b c"),
        ('<time datetime="2024-05-01" />', "2024-05-01"),
        ("<p>control\x00\x0bcharacters</p>", "<p>control  characters</p>"),
    ],
)
def test_only_the_words_of_the_page_are_kept(storage, expected):
    assert as_html(storage) == expected


@pytest.mark.parametrize(
    "storage",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><p>&e; words</p>',
        "<p>unclosed words",
        "</root><p>words</p>",
        "<other:thing>words</other:thing><p>words</p>",
        "<![CDATA[words",
        "<p>&unknown; words</p>",
    ],
)
def test_what_is_not_well_formed_breaks_nothing_and_reads_nothing_else(storage):
    assert "root:" not in as_html(storage)


def test_elements_as_deep_as_somebody_likes_end():
    as_html("<div>" * 100_000 + "words")
