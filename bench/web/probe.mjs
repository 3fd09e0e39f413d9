/**
 * What the page is asked with; runs inside it, before its own scripts, so it holds all it needs. `window.probe`:
 * - `seen()`: rows in the window that show something, of how many places there are.
 * - `scroll(pixelsPerSecond, seconds)`: scrolls on and counts frames, and those in which a place of the window shows nothing.
 * - `jump(share)`: milliseconds from jumping there until every place of the window shows a row, twice in a row of frames.
 * - `until(done)`: milliseconds until `done()` holds at the end of a frame.
 * - `drawing(act)`: milliseconds from `act()` until the last canvas was drawn with what the server answered to it.
 * - `brush(frames)`: frames a second while a range is dragged along the first axis of parallel coordinates, one step a frame.
 */
export const probe = () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const grid = () => document.querySelector("[role=grid],[role=treegrid]");
  const seen = () => {
    const box = grid()?.getBoundingClientRect();
    if (!box) return { filled: 0, places: 1 };
    const rows = [...grid().querySelectorAll("[data-row]")].filter((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return bottom > box.top + 40 && top < box.bottom - 4;
    });
    const height = rows[0]?.getBoundingClientRect().height ?? 36;
    // The head and a part of a row at either end do not count as places.
    const places = Math.min(
      Number(grid().getAttribute("aria-rowcount")) - 1,
      Math.floor((box.height - 40) / height) - 1,
    );
    const filled = rows.filter((row) => row.textContent.trim()).length;
    return { filled, places: Math.max(1, places) };
  };
  const full = () => {
    const { filled, places } = seen();
    return filled >= places;
  };
  const until = async (done) => {
    const start = performance.now();
    while (!done()) {
      await frame();
      if (performance.now() - start > 30_000) throw new Error("It did not come about in 30 s.");
    }
    await frame();
    return performance.now() - start;
  };
  let drawnAt = 0;
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...area) {
    drawnAt = performance.now();
    clear.apply(this, area);
  };
  const answered = (since) =>
    performance
      .getEntriesByType("resource")
      .filter(({ name, startTime }) => startTime >= since && /metrics\/(frames|groups)/.test(name))
      .map(({ responseEnd }) => responseEnd);
  const drawing = async (act) => {
    performance.clearResourceTimings();
    const start = performance.now();
    act();
    // Half a second without an answer or a drawing is the end.
    for (let last = start; performance.now() - last < 500 || last === start; ) {
      await frame();
      const ends = answered(start);
      if (ends.length > 0 && drawnAt > Math.max(...ends)) last = drawnAt;
      if (performance.now() - start > 30_000) throw new Error("Nothing was drawn in 30 s.");
    }
    return drawnAt - start;
  };
  window.probe = {
    drawing,
    seen,
    full,
    until,
    async scroll(speed, seconds) {
      const scroller = grid();
      const start = performance.now();
      let last = start;
      let frames = 0;
      let blank = 0;
      while (last - start < seconds * 1000) {
        const now = await frame();
        scroller.scrollTop += (speed * Math.max(0, now - last)) / 1000;
        last = now;
        frames += 1;
        if (!full()) blank += 1;
      }
      return { frames, blank };
    },
    async brush(frames) {
      const axis = document.querySelector("[data-panel=parallel] [role=slider]");
      const { left, width, top, height } = axis.getBoundingClientRect();
      const at = (share) => ({ bubbles: true, button: 0, clientX: left + width / 2, clientY: top + share * height });
      axis.dispatchEvent(new PointerEvent("pointerdown", at(0.1)));
      await frame();
      const start = performance.now();
      for (let step = 1; step <= frames; step++) {
        window.dispatchEvent(new PointerEvent("pointermove", at(0.1 + (0.8 * step) / frames)));
        await frame();
      }
      const took = performance.now() - start;
      window.dispatchEvent(new PointerEvent("pointerup", at(0.9)));
      await frame();
      return (1000 * frames) / took;
    },
    async jump(share) {
      const scroller = grid();
      const start = performance.now();
      scroller.scrollTop = share * (scroller.scrollHeight - scroller.clientHeight);
      await frame();
      while (!full()) await frame();
      return performance.now() - start;
    },
  };
  // The first frame with rows, counted from the start of the navigation.
  const watch = () => {
    const { filled } = seen();
    if (filled >= 10) window.firstRows = performance.now();
    else requestAnimationFrame(watch);
  };
  requestAnimationFrame(watch);
};
