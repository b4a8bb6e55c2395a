"""Where is a cache that machines share? A real one: nginx, on loopback.

Bazel's HTTP cache is a server that takes PUT and gives GET; nginx's WebDAV is
one. It is taken from PATH, or unpacked from Debian's package without installing
it, so nothing of the machine changes and no service starts.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import time
from typing import Iterator, Optional

_SECONDS = 20.0
_CONFIGURATION = """\
daemon off;
worker_processes 1;
{user}
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log {folder}/access.log;
  client_body_temp_path {folder}/body;
  fastcgi_temp_path {folder}/unused;
  proxy_temp_path {folder}/unused;
  scgi_temp_path {folder}/unused;
  uwsgi_temp_path {folder}/unused;
  client_max_body_size 4g;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/cache;
    dav_methods PUT;
    create_full_put_path on;
  }}
}}
"""


def find(folder: pathlib.Path) -> Optional[str]:
  """The program: that of PATH, or Debian's, unpacked into a folder.

  None where it can be had neither way; apt then has said why.
  """
  found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
  if found is not None:
    return found
  if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
    return None
  if os.geteuid() == 0:
    subprocess.run(["apt-get", "update", "-qq"], check=False)
  folder.mkdir(parents=True, exist_ok=True)
  command = ["apt-get", "download", "-qq", "nginx"]
  if os.geteuid() == 0:  # Else apt gives up root, and warns that it cannot.
    command += ["-o", "APT::Sandbox::User=root"]
  if subprocess.run(command, cwd=str(folder), check=False).returncode:
    return None
  for package in folder.glob("nginx_*.deb"):
    subprocess.run(
      ["dpkg-deb", "-x", str(package), str(folder / "nginx")], check=True
    )
  return str(folder / "nginx" / "usr" / "sbin" / "nginx")


@contextlib.contextmanager
def serving(program: str, folder: pathlib.Path) -> Iterator[str]:
  """Runs a cache, empty at first; its address.

  Args:
    program: nginx.
    folder: for what it keeps and logs.
  """
  (folder / "cache").mkdir(parents=True)
  with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
  path = folder / "nginx.conf"
  # As root its workers would be somebody who cannot write here.
  user = "user root;" if os.geteuid() == 0 else ""
  path.write_text(_CONFIGURATION.format(folder=folder, port=port, user=user))
  process = subprocess.Popen([program, "-c", str(path), "-p", str(folder)])
  try:
    _wait(process, port)
    yield f"http://127.0.0.1:{port}"
  finally:
    process.terminate()
    process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
  """Returns when the server answers."""
  ends = time.monotonic() + _SECONDS
  while time.monotonic() < ends:
    if process.poll() is not None:
      raise RuntimeError(f"nginx ended with status {process.returncode}.")
    with contextlib.suppress(OSError):
      socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
      return
    time.sleep(0.05)
  raise RuntimeError(f"nginx does not answer on port {port}.")
