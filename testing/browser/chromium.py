"""How is a page opened in a browser, and what did the browser say of it?

Chromium without a window, driven by selenium over the DevTools protocol. Where
either is missing `reason_to_skip` says so; `nox -s browser` brings both.
"""

from __future__ import annotations

import contextlib
import importlib.util
import pathlib
import shutil
import tempfile
from typing import Any, Dict, Iterator, List, Optional

_FLAGS = (
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--hide-scrollbars",
)


def reason_to_skip() -> Optional[str]:
  """Why no page can be opened here, None where one can."""
  if importlib.util.find_spec("selenium") is None:
    return "selenium is not installed; `nox -s browser` has it"
  missing = [
    name for name in ("chromium", "chromedriver") if shutil.which(name) is None
  ]
  if missing:
    return f"{' and '.join(missing)} is not installed: testing/browser/install"
  return None


class Browser:
  """A running Chromium.

  Attributes:
    driver: selenium's own.
  """

  def __init__(self, driver: Any, folder: str) -> None:
    self.driver = driver
    self._folder = pathlib.Path(folder)

  def open(
    self,
    page: str,
    *,
    width: int = 1280,
    height: int = 800,
    is_dark: bool = False,
    has_scripts: bool = True,
  ) -> None:
    """Opens the text of a page as a file.

    Args:
      page: HTML.
      width: of the window, in pixels.
      height: of the window.
      is_dark: whether the reader's system is dark.
      has_scripts: whether scripts run.
    """
    path = self._folder / "page.html"
    path.write_text(page, encoding="utf-8")
    self.console()
    self.resize(width, height)
    scheme = {"name": "prefers-color-scheme"}
    scheme["value"] = "dark" if is_dark else "light"
    self.command("Emulation.setEmulatedMedia", media="", features=[scheme])
    self.command("Emulation.setScriptExecutionDisabled", value=not has_scripts)
    self.command("Performance.enable", timeDomain="threadTicks")
    self.driver.get(path.as_uri())

  def resize(self, width: int, height: int) -> None:
    """Gives the window another size."""
    self.command(
      "Emulation.setDeviceMetricsOverride",
      width=width,
      height=height,
      deviceScaleFactor=1,
      mobile=False,
    )

  def command(self, name: str, **parameters: Any) -> Dict[str, Any]:
    """Gives a command of the DevTools protocol."""
    found: Dict[str, Any] = self.driver.execute_cdp_cmd(name, parameters)
    return found

  def run(self, script: str, *arguments: Any) -> Any:
    """Runs a script in the page and gives what it returns."""
    return self.driver.execute_script(script, *arguments)

  def wait(self, script: str, seconds: float = 20.0) -> None:
    """Waits until an expression is true.

    Raises:
      TimeoutException: of selenium; it never was.
    """
    from selenium.webdriver.support import ui

    ui.WebDriverWait(self.driver, seconds).until(
      lambda _: self.run(f"return Boolean({script})"), f"never true: {script}"
    )

  def seconds_of_work(self) -> float:
    """CPU seconds that the page's main thread took to open."""
    metrics = self.command("Performance.getMetrics")["metrics"]
    return float(
      next(m["value"] for m in metrics if m["name"] == "TaskDuration")
    )

  def console(self) -> List[str]:
    """What the page wrote to its console since the last look."""
    entries = self.driver.get_log("browser")
    return [f"{entry['level']}: {entry['message']}" for entry in entries]

  def press(self, *keys: str) -> None:
    """Types keys where the focus is."""
    from selenium.webdriver.common import action_chains

    action_chains.ActionChains(self.driver).send_keys(*keys).perform()

  def screenshot(self, path: str) -> None:
    """Writes what the window shows as a PNG."""
    self.driver.save_screenshot(path)


@contextlib.contextmanager
def running() -> Iterator[Browser]:
  """A browser, ended whatever happens."""
  from selenium import webdriver
  from selenium.webdriver.chrome import service as service_lib

  options = webdriver.ChromeOptions()
  options.binary_location = shutil.which("chromium") or ""
  for flag in _FLAGS:
    options.add_argument(flag)
  options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
  service = service_lib.Service(shutil.which("chromedriver"))
  with tempfile.TemporaryDirectory(prefix="parity-page-") as folder:
    driver = webdriver.Chrome(service=service, options=options)
    try:
      yield Browser(driver, folder)
    finally:
      driver.quit()
