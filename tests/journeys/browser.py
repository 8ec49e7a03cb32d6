"""The patient's phone: a real Chromium with a profile of its own, seen and touched as a person does."""

import shutil
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.journeys.processes import wait_until

# Chromium phones home at every start; none of that belongs in a clinic's test, nor in a capture of its traffic.
QUIET = [
    "--no-sandbox",  # the tests may run as root in a container, where Chromium's own sandbox cannot
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def program(*names: str) -> str:
    """The first of `names` on the path."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise FileNotFoundError(f"none of {', '.join(names)} is installed; packaging/system-packages installs them")
    return found


class Phone:
    """A browser with storage that survives `close` and a new Phone on the same profile."""

    def __init__(self, profile: Path, display: str | None = None) -> None:
        options = ChromeOptions()
        options.binary_location = program("chromium", "chromium-browser", "google-chrome")
        for argument in [*QUIET, f"--user-data-dir={profile}", "--window-size=412,915", "--lang=en"]:
            options.add_argument(argument)
        if display is None:
            options.add_argument("--headless=new")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = program("chromedriver", "chromium.chromedriver")
        environment = None if display is None else {"DISPLAY": display}
        self.driver = Chrome(options, Service(driver, env=environment))
        self._console: list[str] = []

    def open(self, link: str) -> None:
        self.driver.get("about:blank")  # a link that differs only in its fragment would not load anything
        self.driver.get(link)

    def close(self) -> None:
        self.driver.quit()

    def seen(self, test: str) -> list[WebElement]:
        return [e for e in self.driver.find_elements(By.CSS_SELECTOR, f'[data-test="{test}"]') if e.is_displayed()]

    def find(self, test: str, seconds: float = 30) -> WebElement:
        return wait_until(lambda: self.seen(test), f"{test} on the page ({self.text()[:200]!r})", seconds)[0]

    def find_hidden(self, test: str) -> WebElement:
        """An element that need not show: a file's input stands behind its button."""
        by = (By.CSS_SELECTOR, f'[data-test="{test}"]')
        return wait_until(lambda: self.driver.find_elements(*by), f"{test} in the page")[0]

    def press(self, test: str) -> None:
        self.find(test).click()

    def type(self, test: str, text: str) -> None:
        field = self.find(test)
        field.clear()
        field.send_keys(text)

    def text(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "body").text

    def messages(self) -> list[str]:
        return [message.text for message in self.seen("message")]

    def screenshot(self, path: Path) -> None:
        self.driver.save_screenshot(str(path))

    def complaints(self) -> list[str]:
        """What the console holds of errors, violations of the content policy included."""
        self._console += [e["message"] for e in self.driver.get_log("browser") if e["level"] == "SEVERE"]
        return self._console
