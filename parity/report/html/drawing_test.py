"""Tests of parity.report.html.drawing."""

from __future__ import annotations

import itertools

from absl.testing import absltest

from parity.records import dataflow
from parity.report.html import drawing
from testing import fakes


class LayOutTest(absltest.TestCase):
  def test_no_two_nodes_overlap(self):
    nodes = fakes.make_neighbourhood().tf1
    boxes = drawing.lay_out(nodes).boxes
    self.assertLen(boxes, len(nodes))
    for one, two in itertools.combinations(boxes, 2):
      apart = (
        abs(one.x - two.x) >= drawing.WIDTH
        or abs(one.y - two.y) >= drawing.HEIGHT
      )
      self.assertTrue(apart, (one.label, two.label))

  def test_everything_is_inside(self):
    found = drawing.lay_out(fakes.make_neighbourhood().tf1)
    for box in found.boxes:
      self.assertGreaterEqual(min(box.x, box.y), 0)
      self.assertLess(box.x + drawing.WIDTH, found.width)
      self.assertLess(box.y + drawing.HEIGHT, found.height)

  def test_a_node_stands_right_of_what_it_uses(self):
    found = drawing.lay_out(fakes.make_neighbourhood().tf1)
    x = {box.node.number: box.x for box in found.boxes}
    for box in found.boxes:
      for used in box.node.inputs:
        self.assertLess(x[used], box.x)

  def test_a_variable_stands_beside_its_first_user(self):
    nodes = (
      dataflow.Node(0, "input", "x"),
      dataflow.Node(1, "op", "Relu", inputs=(0,)),
      dataflow.Node(2, "variable", "w"),
      dataflow.Node(3, "op", "MatMul", inputs=(1, 2)),
    )
    x = {b.node.number: b.x for b in drawing.lay_out(nodes).boxes}
    self.assertEqual(x[2], x[1])

  def test_long_text_is_clipped_and_whole_in_the_title(self):
    name = "a_very_long_type_of_an_op_indeed"
    (box,) = drawing.lay_out([dataflow.Node(0, "op", name)]).boxes
    self.assertLess(len(box.label), 20)
    self.assertIn(name, box.title)

  def test_nothing_is_a_drawing_too(self):
    self.assertEmpty(drawing.lay_out(()).boxes)


if __name__ == "__main__":
  absltest.main()
