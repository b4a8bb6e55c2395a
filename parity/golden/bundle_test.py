"""Tests of parity.golden.bundle: what is read was written, or is an error."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from parity import errors
from parity.golden import bundle
from parity.golden import manifest
from testing import fakes


def make_golden():
  """Two recordings with shared and awkward tensors."""
  outputs = (
    fakes.make_output("half", np.float16([1, np.nan])),
    fakes.make_output("flags", np.array([True, False])),
    fakes.make_output("count", np.int64(7)),
    fakes.make_output("text", np.array([b"a", b"\xff"], object)),
    fakes.make_output("nothing", np.zeros((0, 3), np.float32)),
  )
  first = fakes.make_recording(outputs=outputs)
  other = fakes.make_request(training=True, draws=True)
  second = fakes.make_recording(
    request=other, variables=(fakes.make_variable(),)
  )
  return fakes.make_golden(first, second, notes=("One note.",))


class BundleTestCase(parameterized.TestCase):
  """A golden in a folder of its own."""

  def setUp(self):
    super().setUp()
    self.folder = tempfile.mkdtemp(dir=absltest.TEST_TMPDIR.value)
    self.addCleanup(shutil.rmtree, self.folder)
    self.path = os.path.join(self.folder, "golden")
    bundle.write_golden(self.path, make_golden())
    self.manifest = os.path.join(self.path, manifest.NAME)
    self.tensors = os.path.join(self.path, manifest.TENSORS)

  def _read(self, file):
    with open(file, "rb") as stream:
      return stream.read()

  def _write(self, file, found):
    os.unlink(file)  # What an earlier test mapped stays as it is.
    with open(file, "wb") as stream:
      stream.write(found)

  def _assert_refused(self, *words):
    with self.assertRaises(errors.GoldenError) as caught:
      bundle.read_golden(self.path)
    for word in words:
      self.assertIn(word, str(caught.exception))

  def _forge(self, change):
    """Changes the manifest and gives it the right checksum."""
    read = json.loads(self._read(self.manifest).decode())
    change(read)
    read["sha256"] = "0" * 64
    self._write_forged(json.dumps(read))

  def _write_forged(self, text):
    blank = text.encode()
    digest = hashlib.sha256(blank).hexdigest().encode()
    self._write(self.manifest, blank.replace(b"0" * 64, digest, 1))


class RoundTripTest(BundleTestCase):
  def test_what_is_read_is_what_was_written(self):
    written = manifest.plain_golden(make_golden())
    found = manifest.plain_golden(bundle.read_golden(self.path).golden)
    self.assertTrue(found.tree == written.tree)
    self.assertEqual(set(found.arrays), set(written.arrays))
    for key, array in written.arrays.items():
      self.assertEqual(found.arrays[key].tobytes(), array.tobytes(), key)

  def test_a_bundle_is_two_files_whose_checksums_it_knows(self):
    self.assertCountEqual(
      os.listdir(self.path), [manifest.NAME, manifest.TENSORS]
    )
    for file in bundle.read_golden(self.path).files:
      found = self._read(os.path.join(self.path, file.name))
      self.assertLen(found, file.size)
      self.assertEqual(hashlib.sha256(found).hexdigest(), file.sha256)

  def test_the_same_golden_is_the_same_bytes(self):
    other = os.path.join(self.folder, "other")
    bundle.write_golden(other, make_golden())
    for name in (manifest.NAME, manifest.TENSORS):
      self.assertEqual(
        self._read(os.path.join(other, name)),
        self._read(os.path.join(self.path, name)),
      )

  def test_what_two_recordings_share_is_stored_once(self):
    weights = np.arange(50000, dtype=np.float32)
    recordings = [
      fakes.make_recording(
        request=fakes.make_request(seed=seed),
        variables=(fakes.make_variable(initial=weights.copy()),),
      )
      for seed in (1, 2)
    ]
    path = os.path.join(self.folder, "shared")
    found = bundle.write_golden(path, fakes.make_golden(*recordings))
    self.assertLess(found.files[0].size, weights.nbytes * 1.1)
    for recording in found.golden.recordings:
      np.testing.assert_array_equal(recording.variables[0].initial, weights)

  def test_a_request_finds_the_recording_that_answers_it(self):
    golden = bundle.read_golden(self.path).golden
    wanted = fakes.make_request(training=True)
    self.assertTrue(golden.find(wanted).request.draws)
    self.assertIsNone(golden.find(fakes.make_request(seed=7)))

  def test_links_of_a_build_tool_are_followed_as_a_whole(self):
    linked = os.path.join(self.folder, "linked")
    os.mkdir(linked)
    for name in (manifest.NAME, manifest.TENSORS):
      os.symlink(os.path.join(self.path, name), os.path.join(linked, name))
    self.assertEqual(bundle.read_golden(linked).golden.side, "tf1")


class WritingTest(BundleTestCase):
  def test_what_is_there_is_not_replaced_unasked(self):
    with self.assertRaisesRegex(errors.GoldenError, "already"):
      bundle.write_golden(self.path, make_golden())
    self.assertCountEqual(os.listdir(self.folder), ["golden"])

  def test_a_golden_is_replaced_whole_when_asked(self):
    golden = fakes.make_golden(fakes.make_recording("tf2"))
    bundle.write_golden(self.path, golden, replace=True)
    self.assertEqual(bundle.read_golden(self.path).golden.side, "tf2")
    self.assertCountEqual(os.listdir(self.folder), ["golden"])

  def test_a_golden_that_is_mapped_survives_its_replacement(self):
    before = bundle.read_golden(self.path).golden.recordings[0]
    bundle.write_golden(self.path, make_golden(), replace=True)
    self.assertEqual(before.outputs[3].value.tolist(), [b"a", b"\xff"])

  def test_a_folder_that_holds_other_things_is_never_replaced(self):
    other = os.path.join(self.folder, "mine")
    os.mkdir(other)
    open(os.path.join(other, "thesis.txt"), "w").close()
    with self.assertRaisesRegex(errors.GoldenError, "thesis.txt"):
      bundle.write_golden(other, make_golden(), replace=True)
    self.assertEqual(os.listdir(other), ["thesis.txt"])


class DamageTest(BundleTestCase):
  def test_no_golden_is_named(self):
    with self.assertRaisesRegex(errors.GoldenError, "does not exist"):
      bundle.read_golden(os.path.join(self.folder, "none"))
    with self.assertRaisesRegex(errors.GoldenError, "is a file"):
      bundle.read_golden(self.manifest)
    with self.assertRaisesRegex(errors.GoldenError, "no manifest.json"):
      bundle.read_golden(self.folder)

  def test_a_missing_file_is_named(self):
    os.unlink(self.tensors)
    self._assert_refused("has no tensors.safetensors")

  def test_a_truncated_file_is_named_with_both_sizes(self):
    found = self._read(self.tensors)
    self._write(self.tensors, found[:-5])
    self._assert_refused(f"{len(found) - 5} bytes", f"says {len(found)}")

  def test_one_bit_in_a_tensor_is_seen(self):
    found = bytearray(self._read(self.tensors))
    found[-1] ^= 1
    self._write(self.tensors, bytes(found))
    self._assert_refused("tensors.safetensors", "altered")

  def test_one_changed_number_in_the_manifest_is_seen(self):
    found = self._read(self.manifest)
    self._write(self.manifest, found.replace(b'"seed": 42', b'"seed": 43', 1))
    self._assert_refused("manifest.json", "altered")

  def test_another_schema_is_named(self):
    found = self._read(self.manifest)
    self._write(self.manifest, found.replace(b"golden/1", b"golden/9"))
    self._assert_refused("'parity.golden/9', which is not known")

  @parameterized.parameters(b"", b"[]", b"{}", b"\xff\xfe", b"[" * 100000)
  def test_what_is_no_manifest_is_refused(self, found):
    self._write(self.manifest, found)
    self._assert_refused("manifest.json")

  @parameterized.parameters("../golden/x", "/etc/passwd", "..", "a/b", "")
  def test_a_name_that_leads_out_is_refused(self, name):
    def change(read):
      read["files"][name] = dict(read["files"][manifest.TENSORS])

    self._forge(change)
    self._assert_refused("leads out of its directory")

  def test_a_link_out_of_the_golden_is_refused(self):
    other = os.path.join(self.folder, "elsewhere.safetensors")
    os.rename(self.tensors, other)
    os.symlink(other, self.tensors)
    self._assert_refused("is a link that leads out")

  def test_what_is_no_regular_file_is_refused(self):
    os.unlink(self.tensors)
    os.mkfifo(self.tensors)
    self._assert_refused("no regular file")

  def test_a_missing_tensor_is_named(self):
    def change(read):
      output = read["golden"]["recordings"][0]["outputs"][0]
      output["value"]["$array"] = "/nowhere"

    self._forge(change)
    self._assert_refused("/nowhere", "missing")

  def test_a_tensor_that_belongs_to_nothing_is_named(self):
    self._forge(lambda read: read["golden"]["recordings"][0].pop("inputs"))
    self._forge(lambda read: read["golden"]["recordings"][1].pop("inputs"))
    self._assert_refused("no recording has the array")

  def test_an_unknown_field_is_named(self):
    self._forge(lambda read: read["golden"].update(code="import os"))
    self._assert_refused("'code'")

  def test_a_number_that_no_float_holds_is_told(self):
    def change(seconds):
      return lambda read: read["golden"]["recordings"][0].update(
        seconds=seconds
      )

    self._forge(change(10**400))
    self._assert_refused("damaged", "/recordings/0/seconds: expected a float")
    self._forge(change(10**300))
    bundle.read_golden(self.path)

  def test_a_key_that_stands_twice_in_the_manifest_is_told(self):
    self._forge(dict)  # Written as json.dumps writes it.
    text = self._read(self.manifest).decode()
    text = text.replace(json.loads(text)["sha256"], "0" * 64)
    side = '"side": "tf1"'
    self.assertIn(side, text)
    self._write_forged(text.replace(side, f'"side": "tf2", {side}', 1))
    self._assert_refused("the key 'side' twice")
    self._write_forged(text)
    bundle.read_golden(self.path)

  @parameterized.named_parameters(
    ("none", lambda g: g.update(recordings=[])),
    ("of_the_other_side", lambda g: g.update(side="tf2")),
    ("of_no_side", lambda g: g.update(side="tf3")),
    ("twice", lambda g: g["recordings"].append(g["recordings"][0])),
  )
  def test_recordings_that_make_no_golden_are_refused(self, change):
    self._forge(lambda read: change(read["golden"]))
    self._assert_refused("damaged")


class FuzzTest(BundleTestCase):
  """Seeded damage: an error of ours, never another, never a wrong number."""

  def test_flipped_bytes_and_cuts_are_always_seen(self):
    rng = np.random.RandomState(0)
    files = {f: self._read(f) for f in (self.manifest, self.tensors)}
    for _ in range(400):
      file = (self.manifest, self.tensors)[rng.randint(2)]
      found = bytearray(files[file])
      place = rng.randint(len(found))
      damage = rng.randint(3)
      if damage == 0:
        found[place] ^= 1 << rng.randint(8)
      elif damage == 1:
        del found[place:]
      else:
        found[place:place] = bytes(bytearray(rng.randint(0, 256, size=3)))
      self._write(file, bytes(found))
      self._assert_refused()
      self._write(file, files[file])
    self.assertLen(bundle.read_golden(self.path).golden.recordings, 2)

  def test_forged_manifests_are_goldens_or_refused(self):
    rng = np.random.RandomState(1)
    whole = self._read(self.manifest)
    outcomes = {"read": 0, "refused": 0}
    for _ in range(400):
      self._write(self.manifest, whole)
      self._forge(lambda read: _change_somewhere(read, rng))
      try:
        found = bundle.read_golden(self.path)
      except errors.GoldenError:
        outcomes["refused"] += 1
      else:
        self.assertNotEmpty(found.golden.recordings)
        outcomes["read"] += 1
    self.assertGreater(outcomes["refused"], 100)
    self.assertGreater(outcomes["read"], 5)

  def test_forged_tensor_files_are_read_or_refused(self):
    rng = np.random.RandomState(2)
    whole, text = self._read(self.tensors), self._read(self.manifest)
    for _ in range(300):
      found = bytearray(whole)
      for _ in range(rng.randint(1, 4)):
        found[rng.randint(min(len(found), 600))] = rng.randint(256)
      self._write(self.tensors, bytes(found))
      self._write(self.manifest, text)
      digest = hashlib.sha256(bytes(found)).hexdigest()
      self._forge(
        lambda read, digest=digest: read["files"][manifest.TENSORS].update(
          sha256=digest
        )
      )
      try:
        golden = bundle.read_golden(self.path).golden
      except errors.GoldenError:
        continue
      for recording in golden.recordings:
        for output in recording.outputs:
          self.assertLess(np.asarray(output.value).size, 10000)


def _change_somewhere(tree, rng):
  """Replaces one random node of a JSON tree."""
  values = [None, 0, -1, 1 << 70, "", "x", [], {}, True, 1.5, {"$array": "x"}]
  values += [{"$float": "nan"}, ["a"], [[]], {"$array": 3}, {"$float": []}]
  while True:
    keys = list(tree) if isinstance(tree, dict) else list(range(len(tree)))
    key = keys[rng.randint(len(keys))]
    child = tree[key]
    if isinstance(child, (dict, list)) and child and rng.randint(5):
      tree = child
      continue
    tree[key] = values[rng.randint(len(values))]
    return


if __name__ == "__main__":
  absltest.main()
