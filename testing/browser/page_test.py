"""Do the pages open, draw and answer in headless Chromium?"""

from __future__ import annotations

import base64
import unittest

from absl.testing import absltest

from parity.records import matrix as matrix_lib
from parity.records import report as report_lib
from parity.report.html import page
from testing import fakes
from testing.browser import chromium

_HOSTILE = "</script><img src=x onerror=window.hacked=1>'\""
_RIGHT, _DOWN, _LEFT, _ENTER, _TAB = (
  "\ue014",
  "\ue015",
  "\ue012",
  "\ue007",
  "\ue004",
)


def setUpModule():
  reason = chromium.reason_to_skip()
  if reason is not None:
    raise unittest.SkipTest(reason)


def _failing(name="", **changes):
  finding = fakes.make_illustrated_finding()
  pair = fakes.make_comparison(status="beyond", ulp_histogram=(3, 0, 12, 5))
  check = fakes.make_check(
    "random_inference",
    "fail",
    comparisons=(pair,),
    findings=(finding,),
    depth=fakes.make_depth(40),
  )
  changes = {"command": "parity check m.py", **changes}
  report = fakes.make_report(
    fakes.make_check("variables_match"), check, **changes
  )
  return report if not name else fakes.make_report(*report.checks, case=name)


def _matrix():
  entries = tuple(
    matrix_lib.Entry(
      "m.py",
      cell,
      "tf2",
      gates=cell != "nightly",
      report=fakes.make_report() if cell == "tf2.8" else _failing(),
    )
    for cell in ("tf2.8", "tf2.21", "nightly")
  )
  return matrix_lib.Matrix("tf1.15", entries)


class BrowserTest(absltest.TestCase):
  """Opens pages in one browser; no test may leave an error in its console."""

  @classmethod
  def setUpClass(cls):
    super().setUpClass()
    cls._running = chromium.running()
    cls.browser = cls._running.__enter__()

  @classmethod
  def tearDownClass(cls):
    cls._running.__exit__(None, None, None)
    super().tearDownClass()

  def tearDown(self):
    self.assertEmpty(self.browser.console())
    super().tearDown()

  def run_js(self, script, *arguments):
    return self.browser.run(script, *arguments)

  def text(self, selector):
    return self.run_js(
      "return document.querySelector(arguments[0]).textContent", selector
    )

  def count(self, selector):
    return self.run_js(
      "return document.querySelectorAll(arguments[0]).length", selector
    )

  def is_seen(self, selector):
    return self.run_js(
      "return document.querySelector(arguments[0]).checkVisibility()", selector
    )


class ReportTest(BrowserTest):
  def test_the_diverging_op_is_seen_without_scrolling(self):
    self.browser.open(page.reports_page([_failing()]))
    for selector in (".badge.fail", ".finding h3", "[data-role=parts]"):
      place = self.run_js(
        "const b = document.querySelector(arguments[0])"
        ".getBoundingClientRect(); return [b.top, b.bottom, b.height]",
        selector,
      )
      self.assertGreaterEqual(place[0], 0, selector)
      self.assertLessEqual(place[1], 800, selector)
      self.assertGreater(place[2], 0, selector)
    self.assertEqual(self.run_js("return scrollY"), 0)

  def test_it_stands_alone(self):
    self.browser.open(page.reports_page([_failing()]))
    loaded = self.run_js(
      "return performance.getEntriesByType('resource').map(e => e.name)"
    )
    self.assertEmpty(loaded)
    with_network = "fetch('https://example.invalid').then(() => 1, () => 0)"
    self.assertEqual(self.run_js(f"return {with_network}"), 0)
    self.browser.console()  # The refusal that was asked for.

  def test_charts_are_drawn_when_they_are_looked_at(self):
    self.browser.open(page.reports_page([_failing()]))
    self.run_js("document.querySelector('.charts').scrollIntoView()")
    self.browser.wait("document.querySelectorAll('.charts canvas').length == 2")
    painted = self.run_js(
      "return [...document.querySelectorAll('canvas')].map(c => c.getContext("
      "'2d').getImageData(0, 0, c.width, c.height).data.some(v => v))"
    )
    self.assertEqual(painted, [True, True])
    self.assertIn("error", self.text(".keys"))
    self.assertIn("noise floor", self.text(".keys"))

  def test_many_ops_are_dots_and_few_are_lines(self):
    for count, dots in ((40, 0), (400, 1)):
      check = fakes.make_check(depth=fakes.make_depth(count))
      self.browser.open(page.reports_page([fakes.make_report(check)]))
      self.run_js("document.querySelector('.charts').scrollIntoView()")
      self.browser.wait("document.querySelector('.charts canvas')")
      self.assertEqual(self.count(".keys.dots"), dots)

  def test_a_chart_is_read_and_zoomed_by_keys(self):
    self.browser.open(page.reports_page([_failing()]))
    self.run_js("document.querySelector('.charts').scrollIntoView()")
    self.browser.wait("document.querySelector('.charts canvas')")
    self.run_js("document.querySelector('[data-role=depth]').focus()")
    self.browser.press(_RIGHT)
    self.assertIn("Relu net/op0: error 0", self.text("[data-role=reading]"))
    self.browser.press(_RIGHT, _RIGHT, "+")
    self.assertIn("net/op2: error 1.0e-7", self.text("[data-role=reading]"))
    self.browser.press("0", _LEFT)
    self.assertIn("net/op1", self.text("[data-role=reading]"))

  def test_a_chart_is_zoomed_by_buttons_and_by_the_wheel_with_ctrl(self):
    self.browser.open(page.reports_page([_failing()]))
    self.run_js("document.querySelector('.charts').scrollIntoView()")
    self.browser.wait("document.querySelector('.charts canvas')")
    drawn = (
      "return document.querySelector('[data-role=depth] canvas').toDataURL()"
    )
    wheel = (
      "document.querySelector('[data-role=depth] .u-over').dispatchEvent(new"
      " WheelEvent('wheel', {deltaY: arguments[0], ctrlKey: arguments[1],"
      " clientX: 400, bubbles: true, cancelable: true}))"
    )

    def after(script, *arguments):
      self.run_js(script, *arguments)
      self.run_js("return new Promise(requestAnimationFrame)")
      return hash(self.run_js(drawn))

    def click(name):
      return f"document.querySelector('[data-role={name}]').click()"

    whole = after("")
    near = after(click("nearer"))
    self.assertNotEqual(near, whole)
    self.assertNotEqual(after(click("nearer")), near)
    self.assertEqual(after(click("all")), whole)
    after(click("nearer"))
    self.assertEqual(after(click("farther")), whole)
    self.assertEqual(after(wheel, -100, False), whole)
    self.assertNotEqual(after(wheel, -100, True), whole)
    self.assertEqual(after(wheel, 100, True), whole)

  def test_of_a_pass_the_fullest_series_is_shown(self):
    one = fakes.make_check("constant_weights")
    pairs = tuple(fakes.make_comparison(f"net/a{i}") for i in range(9))
    many = fakes.make_check("random_inference", comparisons=pairs)
    self.browser.open(page.reports_page([fakes.make_report(one, many)]))
    chosen = self.run_js(
      "const s = document.querySelector('[data-role=series]');"
      "return s.options[s.selectedIndex].text"
    )
    self.assertEqual(chosen, "random_inference: outputs (9)")

  def test_another_series_can_be_chosen(self):
    self.browser.open(page.reports_page([_failing()]))
    self.run_js("document.querySelector('.charts').scrollIntoView()")
    self.browser.wait("document.querySelector('.charts canvas')")
    options = self.run_js(
      "return [...document.querySelector('[data-role=series]').options]"
      ".map(o => o.text)"
    )
    self.assertIn("random_inference: every matched op (40)", options)
    self.assertIn("random_inference: outputs (1)", options)
    self.run_js(
      "const s = document.querySelector('[data-role=series]');"
      "s.value = arguments[0]; s.onchange()",
      str(options.index("random_inference: outputs (1)")),
    )
    self.assertIn("the tolerance", self.text(".keys"))

  def test_pairs_are_listed_and_filtered(self):
    pairs = [fakes.make_comparison(f"net/a{i}", "within") for i in range(300)]
    pairs += [fakes.make_comparison("net/same", "equal")]
    check = fakes.make_check(comparisons=tuple(pairs))
    self.browser.open(page.reports_page([fakes.make_report(check)]))
    self.assertEqual(self.count("[data-role=rows] tr"), 0)
    self.run_js("document.querySelector('.pairs').open = true")
    self.browser.wait("document.querySelector('[data-role=rows] tr')")
    self.assertEqual(self.count("[data-role=rows] tr"), 200)
    self.run_js("document.querySelector('[data-role=more]').click()")
    self.assertEqual(self.count("[data-role=rows] tr"), 301)
    self.run_js("document.querySelector('[data-role=differing]').click()")
    self.run_js("document.querySelector('[data-role=more]').click()")
    self.assertEqual(self.count("[data-role=rows] tr"), 300)
    self.run_js("document.querySelector('[data-role=filter]').focus()")
    self.browser.press("A29")
    self.assertEqual(self.count("[data-role=rows] tr"), 11)

  def test_dark_where_the_system_is_and_by_the_button(self):
    color = "return getComputedStyle(document.body).backgroundColor"
    text = page.reports_page([_failing()])
    self.browser.open(text)
    light = self.run_js(color)
    self.browser.open(text, is_dark=True)
    dark = self.run_js(color)
    self.assertNotEqual(light, dark)
    self.run_js("document.getElementById('theme').click()")
    self.assertEqual(self.run_js(color), light)

  def test_a_narrow_screen_is_enough(self):
    long = fakes.make_comparison("net/" + "a" * 120, ulp_histogram=(3, 1))
    report = fakes.make_report(fakes.make_check(comparisons=(long,)))
    for text in (
      page.reports_page([_failing()]),
      page.reports_page([report]),
      page.matrix_page(_matrix()),
    ):
      self.browser.open(text, width=360, height=640)
      width = self.run_js("return document.documentElement.scrollWidth")
      self.assertLessEqual(width, 360)

  def test_without_scripts_the_findings_are_there_and_no_dead_button(self):
    self.browser.open(page.matrix_page(_matrix()), has_scripts=False)
    self.assertTrue(self.is_seen("#r1 .finding"))
    self.assertTrue(self.is_seen("#r2 .finding"))
    self.assertFalse(self.is_seen("#theme"))
    self.assertFalse(self.is_seen(".charts"))

  def test_it_prints_with_every_report(self):
    self.browser.open(page.matrix_page(_matrix()))
    self.assertFalse(self.is_seen("#r2 .finding"))
    self.browser.command("Emulation.setEmulatedMedia", media="print")
    self.assertTrue(self.is_seen("#r1 .finding"))
    self.assertTrue(self.is_seen("#r2 .finding"))
    printed = self.browser.command("Page.printToPDF")["data"]
    self.assertStartsWith(base64.b64decode(printed), b"%PDF")

  def test_a_hostile_name_runs_nothing(self):
    pair = fakes.make_comparison(_HOSTILE, "beyond")
    finding = fakes.make_illustrated_finding(message=_HOSTILE)
    check = fakes.make_check(
      "random_inference",
      "fail",
      findings=(finding,),
      comparisons=(pair,),
    )
    report = fakes.make_report(check, case=_HOSTILE, notes=(_HOSTILE,))
    self.browser.open(page.reports_page([report]))
    self.run_js("document.querySelector('.charts').scrollIntoView()")
    self.run_js("document.querySelector('.pairs').open = true")
    self.browser.wait("document.querySelector('[data-role=rows] tr')")
    self.assertEqual(self.count("img"), 0)
    self.assertIsNone(self.run_js("return window.hacked ?? null"))
    self.assertIn(_HOSTILE, self.text(".message"))

  def test_an_error_alone_is_a_page(self):
    report = report_lib.Report("broken.py", "error", error="There is no CASE.")
    self.browser.open(page.reports_page([report]))
    self.assertTrue(self.is_seen(".error-text"))
    self.assertFalse(self.is_seen(".charts"))

  def test_a_large_network_opens_in_less_than_two_seconds(self):
    pairs = tuple(
      fakes.make_comparison(f"net/block{i}/conv/kernel", "within")
      for i in range(1200)
    )
    names = ("random_inference", "random_training", "gradients")
    checks = [
      fakes.make_check(
        name,
        "fail",
        comparisons=pairs,
        findings=(fakes.make_illustrated_finding(),),
        depth=fakes.make_depth(2500),
      )
      for name in names
    ]
    text = page.reports_page([fakes.make_report(*checks)])
    self.assertLess(len(text), 6_000_000)
    self.browser.open(text)
    self.browser.wait("document.readyState == 'complete'")
    self.assertLess(self.browser.seconds_of_work(), 2.0)


class SeveralTest(BrowserTest):
  def test_a_click_on_a_square_opens_its_cell_s_finding(self):
    self.browser.open(page.matrix_page(_matrix()))
    self.assertFalse(self.is_seen("#r0"))
    self.assertTrue(self.is_seen("#r1"))
    self.run_js(
      'document.querySelector(\'.square[data-report="2"]'
      "[data-check=random_inference]').click()"
    )
    self.assertTrue(self.is_seen("#r2 .finding"))
    self.assertFalse(self.is_seen("#r1"))
    self.assertEqual(
      self.run_js("return document.activeElement.id"), "r2-finding-1"
    )

  def test_keys_move_between_squares(self):
    self.browser.open(page.matrix_page(_matrix()))
    self.run_js("document.querySelector('.square').focus()")
    self.browser.press(_RIGHT, _RIGHT, _DOWN)
    chosen = self.run_js(
      "return [document.activeElement.dataset.report,"
      "document.activeElement.dataset.check]"
    )
    self.assertEqual(chosen, ["2", "random_inference"])
    self.browser.press(_ENTER)
    self.assertTrue(self.is_seen("#r2 .finding"))

  def test_everything_is_reached_with_the_tab_key(self):
    self.browser.open(page.reports_page([_failing()]))
    reached = set()
    for _ in range(20):
      self.browser.press(_TAB)
      reached.add(
        self.run_js(
          "const e = document.activeElement;"
          "return e.dataset.role || e.id || e.className || e.tagName"
        )
      )
    for name in ("theme", "chip fail", "code", "series", "depth", "SUMMARY"):
      self.assertIn(name, reached)

  def test_one_of_several_cases_is_shown_and_another_by_a_click(self):
    reports = [fakes.make_report(case="good"), _failing("bad")]
    self.browser.open(page.reports_page(reports))
    self.assertFalse(self.is_seen("#r0"))
    self.assertTrue(self.is_seen("#r1"))
    self.run_js("document.querySelector('.cases [data-report=\"0\"]').click()")
    self.assertTrue(self.is_seen("#r0"))
    self.assertFalse(self.is_seen("#r1"))


if __name__ == "__main__":
  absltest.main()
