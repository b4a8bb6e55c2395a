"""Tests of the documentation: causes have pages, and what is shown holds."""

from __future__ import annotations

import pathlib

from absl.testing import absltest

from parity.records import vocabulary
from testing import pages
from testing.bugs import expectations

# The pages show what the default cell prints.
CELLS_SINCE = "tf2.21"
CELLS_UNTIL = "tf2.21"

_CAUSES = pages.PAGES / "causes"


class CausePagesTest(absltest.TestCase):
  def test_every_cause_has_a_page_that_begins_with_its_meaning(self):
    for cause, meaning in vocabulary.CAUSES.items():
      with self.subTest(cause):
        text = (_CAUSES / f"{cause}.md").read_text(encoding="utf-8")
        title, _, rest = text.partition("\n\n")
        self.assertEqual(title, f"# `{cause}`")
        first = rest.partition("\n\n")[0]
        self.assertEqual(first.lower(), f"{meaning}.".lower())

  def test_no_page_is_of_a_cause_that_does_not_exist(self):
    names = {path.stem for path in _CAUSES.glob("*.md")} - {"index"}
    self.assertEqual(names, set(vocabulary.CAUSES))

  def test_index_and_navigation_list_every_page(self):
    index = (_CAUSES / "index.md").read_text(encoding="utf-8")
    navigation = (pages.ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for cause, meaning in vocabulary.CAUSES.items():
      with self.subTest(cause):
        self.assertIn(f"| [`{cause}`]({cause}.md) | {meaning} |", index)
        self.assertIn(f"- causes/{cause}.md\n", navigation)

  def test_a_page_shows_a_bug_of_its_cause(self):
    shown = {block.page.stem: block.what for block in pages.blocks("report")}
    for cause in set(vocabulary.CAUSES) - {"unknown"}:
      with self.subTest(cause):
        expectation = expectations.read(pages.ROOT / shown[cause])
        self.assertEqual(expectation.cause, cause)

  def test_a_page_shows_a_finding_of_its_cause_first(self):
    for block in pages.blocks("report"):
      if block.page.parent == _CAUSES:
        with self.subTest(block.page.name):
          self.assertStartsWith(block.text, f"1. {block.page.stem}  in ")


class ShownTest(absltest.TestCase):
  def test_pages_show_what_is_printed_now(self):
    wanted = {block.what: block for block in pages.blocks("report")}
    for case, report in pages.reports(wanted):
      with self.subTest(case):
        self.assertEqual(
          pages.without_figures(wanted[case].text),
          pages.without_figures(pages.shown(report)),
          f"{wanted[case].page.name}: run `python -m testing.pages`.",
        )

  def test_files_are_shown_as_they_are(self):
    shown = [each for each in pages.blocks("check") if not each.is_included]
    self.assertNotEmpty(shown)
    for block in shown:
      with self.subTest(block.file):
        text = (pages.ROOT / block.file).read_text(encoding="utf-8")
        self.assertEqual(
          block.text,
          text,
          f"{block.page.name}: run `python -m testing.pages`.",
        )

  def test_checked_files_have_the_verdict_that_the_page_says(self):
    wanted = {block.file: block for block in pages.blocks("check")}
    self.assertNotEmpty(wanted)
    for case, report in pages.reports(wanted):
      with self.subTest(case):
        self.assertEqual(report.verdict, wanted[case].what)


class WithoutFiguresTest(absltest.TestCase):
  def test_figures_and_wrapping_are_no_difference(self):
    self.assertEqual(
      pages.without_figures("a 1.5e-07\n  b"), pages.without_figures("a 0.2 b")
    )

  def test_words_are(self):
    self.assertNotEqual(
      pages.without_figures("stride 1"), pages.without_figures("padding 1")
    )


class FileTest(absltest.TestCase):
  def test_a_block_without_a_file_is_told(self):
    block = pages.Block(
      pages.PAGES / "x.md", "check", "pass", "x = 1\n", "a.py"
    )
    with self.assertRaisesRegex(ValueError, "must hold a file"):
      _ = block.file


class WriteTest(absltest.TestCase):
  def test_a_file_is_written_below_its_title_and_not_where_it_is_included(self):
    folder = pathlib.Path(self.create_tempdir().full_path)
    page = folder / "page.md"
    kept = '<!-- check: pass -->\n```python title="a.py"\n--8<-- "a.py"\n```\n'
    page.write_text(
      f'{kept}<!-- check: pass -->\n```python title="a.py"\nx\n```\n',
      encoding="utf-8",
    )
    pages.write({"a.py": "y\n"}, folder)
    self.assertEqual(
      page.read_text(encoding="utf-8"),
      f'{kept}<!-- check: pass -->\n```python title="a.py"\ny\n```\n',
    )

  def test_only_the_block_of_the_case_changes(self):
    folder = pathlib.Path(self.create_tempdir().full_path)
    page = folder / "page.md"
    kept = "<!-- check: pass -->\n```python\nx\n```\n"
    page.write_text(
      f"{kept}<!-- report: a.py -->\n```text\nbefore\n```\nend\n",
      encoding="utf-8",
    )
    pages.write({"a.py": "after\n"}, folder)
    self.assertEqual(
      page.read_text(encoding="utf-8"),
      f"{kept}<!-- report: a.py -->\n```text\nafter\n```\nend\n",
    )


if __name__ == "__main__":
  absltest.main()
