"""The patient's phone: a real Chromium with a profile of its own, seen and touched as a person does."""

import shutil
from collections.abc import Callable
from pathlib import Path

from selenium.common.exceptions import ElementNotInteractableException, StaleElementReferenceException
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
        if self.driver.service.process is not None and self.driver.service.process.poll() is None:
            self.driver.quit()

    def seen(self, test: str) -> list[str]:
        """The texts of all that shows under this name, read in one step: the page redraws while it is read."""
        return self._rows(f'[data-test="{test}"]')

    def messages(self, delivery: str | None = None) -> list[str]:
        step = "" if delivery is None else f'[data-delivery="{delivery}"]'
        return self._rows(f'[data-test="message"]{step}')

    def _rows(self, selector: str) -> list[str]:
        script = """return [...document.querySelectorAll(arguments[0])]
            .filter((shown) => shown.checkVisibility()).map((shown) => shown.innerText)"""
        found: list[str] = self.driver.execute_script(script, selector)
        return found

    def text(self) -> str:
        return "\n".join(self._rows("body"))

    def await_(self, test: str) -> str:
        """What shows under this name, once it does."""
        return wait_until(lambda: self.seen(test), f"{test} on the page")[0]

    def press(self, test: str) -> None:
        self._on(test, lambda element: element.click())

    def type(self, test: str, text: str) -> None:
        def enter(field: WebElement) -> None:
            field.clear()
            field.send_keys(text)

        self._on(test, enter)

    def type_birth_date(self, born: str) -> None:
        """`born` as YYYY-MM-DD."""
        for part, number in zip(("year", "month", "day"), born.split("-"), strict=True):
            self.type(f"birth-{part}", number)

    def give_file(self, test: str, path: Path) -> None:
        """A file's input need not show: it stands behind its button."""
        self.driver.find_element(By.CSS_SELECTOR, f'[data-test="{test}"]').send_keys(str(path))

    def _on(self, test: str, act: Callable[[WebElement], None]) -> None:
        """Acts on the element, found anew when the page redrew between finding and acting."""
        self.await_(test)

        def acted() -> bool:
            try:
                act(self.driver.find_element(By.CSS_SELECTOR, f'[data-test="{test}"]'))
            except (StaleElementReferenceException, ElementNotInteractableException):
                return False
            return True

        wait_until(acted, f"{test} to work: {self.text()[:300]!r}")

    def screenshot(self, path: Path) -> None:
        self.driver.save_screenshot(str(path))

    def complaints(self) -> list[str]:
        """What the console holds of errors, violations of the content policy included."""
        self._console += [e["message"] for e in self.driver.get_log("browser") if e["level"] == "SEVERE"]
        return self._console
