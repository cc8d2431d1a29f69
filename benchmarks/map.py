"""How large and how quick the map is with 15,350 records, in Chromium: `python -m benchmarks.map [INSTANCE]`.

Prints for each of five first views, with nothing kept in the browser: the bytes of page, styles, scripts, base map and
data as they come over the wire; the time until its marks are on the screen, and when each part of that was done; its
long tasks. Then the long tasks while the map is moved and zoomed: as the browser counts them, and by the time of the
processor, which a busy machine does not stretch. INSTANCE is a folder with the records imported; without one they
are imported into a new one, which takes minutes.
"""

import gzip
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from tests.browser import FLAGS, chromium
from tests.conftest import SHARED_DATA
from tests.running_site import import_corpus, running_site

MOST_BYTES, MOST_MS, LONGEST_TASK = 300_000, 1000, 200
NOTE_TASKS = """window.tasks = [];
new PerformanceObserver(list => list.getEntries().forEach(each => tasks.push(Math.round(each.duration))))
  .observe({type: "longtask", buffered: true})"""
MARKS = ".place-group, .place-mark, .place-several"
FIRST_VIEWS = 5
NOTE_MARKS = f"""new MutationObserver((_changes, observer) => {{
  if (!document.querySelector("{MARKS}")) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => performance.mark("marks on the screen")));
}}).observe(document, {{ childList: true, subtree: true }})"""
"""The marks are on the screen once the frame has been drawn that follows their being put into the page."""
PARTS = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const timing = (part) => performance.getEntriesByType("resource").find(({ name }) => name.includes(part));
  const places = timing("/places.json");
  const [marks] = performance.getEntriesByName("marks on the screen");
  return {
    "the server made the page": page.responseStart - page.requestStart,
    "page": page.responseEnd,
    "places asked for": places.startTime,
    "the server made them": places.responseStart - places.requestStart,
    "places": places.responseEnd,
    "scripts": page.domContentLoadedEventStart,
    "outline of the countries": timing("/base_map.json").responseEnd,
    "marks": marks.startTime,
  };
}"""
"""Milliseconds: of the server how long it took, of all others when it was there."""


def main() -> None:
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]))
        return
    with TemporaryDirectory(prefix="map-") as folder:
        records = Path(folder) / "records.jsonl"
        corpus, packed = SHARED_DATA / "records" / "corpus.jsonl", SHARED_DATA / "records" / "volume.jsonl.gz"
        records.write_bytes(corpus.read_bytes() + gzip.decompress(packed.read_bytes()))
        import_corpus(Path(folder) / "instance", records)
        measure(Path(folder) / "instance")


def measure(instance: Path) -> None:
    alone = running_site(instance, processes=1, with_worker=False)
    with alone as site, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        warm = browser.new_page()
        warm.goto(f"{site.url}/map")
        warm.wait_for_selector(MARKS)
        warm.close()
        for _ in range(FIRST_VIEWS):
            first_view(browser.new_context(viewport={"width": 1280, "height": 800}).new_page(), f"{site.url}/map")
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        moving(page, f"{site.url}/map#5/60/15")
        browser.close()


def first_view(page: Page, url: str) -> None:
    """With nothing kept in the browser: as a first visit."""
    sizes: list[int] = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.add_init_script(NOTE_TASKS)
    page.add_init_script(NOTE_MARKS)
    page.goto(url)
    page.wait_for_selector(MARKS)
    page.wait_for_timeout(1500)
    tasks = page.evaluate("tasks")
    parts = {part: round(ms) for part, ms in page.evaluate(PARTS).items()}
    marks = parts.pop("marks")
    print(f"first view: {sum(sizes):,} bytes in {len(sizes)} answers (at most {MOST_BYTES:,}), marks on the screen "
          f"after {marks} ms (at most {MOST_MS}), long tasks {tasks} ms (none above {LONGEST_TASK})")  # fmt: skip
    print("            " + ", ".join(f"{part} {ms}" for part, ms in parts.items()))


def moving(page: Page, url: str) -> None:
    """Zooming in and out with the wheel, and dragging, as fast as a hand does."""
    page.add_init_script(NOTE_TASKS)
    page.goto(url)
    page.wait_for_selector(MARKS)
    page.evaluate("tasks.length = 0")
    browser = page.context.browser
    assert browser
    browser.start_tracing(page=page, categories=["toplevel"])
    box = page.locator("[data-map]").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for wheel in [-200] * 6 + [200] * 8:
        page.mouse.move(x, y)
        page.mouse.wheel(0, wheel)
        page.wait_for_timeout(400)
        page.mouse.down()
        page.mouse.move(x - 160, y + 60, steps=10)
        page.mouse.up()
        page.wait_for_timeout(300)
    worked = longest_task(browser.stop_tracing())
    tasks = page.evaluate("tasks")
    print(
        f"14 zooms, 14 moves: long tasks {tasks} ms (none above {LONGEST_TASK}), at most {worked} ms of the processor"
    )


def longest_task(trace: bytes) -> int:
    """Milliseconds of the processor that the longest task of a page's main thread took."""
    events = json.loads(trace)["traceEvents"]
    named = (each for each in events if each.get("name") == "thread_name")
    main_threads = {(each["pid"], each["tid"]) for each in named if each["args"]["name"] == "CrRendererMain"}
    tasks = (each for each in events if "RunTask" in each["name"] and (each["pid"], each["tid"]) in main_threads)
    return round(max((each.get("tdur", 0) for each in tasks), default=0) / 1000)


if __name__ == "__main__":
    main()
