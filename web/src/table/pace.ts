/** A stop this long in milliseconds is the end of a movement. */
const restAfter = 200;

/** How fast a list is scrolled, told by where it stands and when. */
export class Pace {
  #at = 0;
  #time = Number.NEGATIVE_INFINITY;
  #pace = 0;

  /** The list stands at this row, at this time in milliseconds; more than `leap` rows at once are a jump, not a movement. */
  note(row: number, time: number, leap: number): void {
    const rows = row - this.#at;
    const took = time - this.#time;
    if (rows === 0 && took < restAfter) return;
    if (took >= restAfter || Math.abs(rows) > leap) this.#pace = 0;
    else {
      const now = rows / Math.max(1, took);
      this.#pace = Math.sign(now) === Math.sign(this.#pace) ? (this.#pace + now) / 2 : now;
    }
    this.#at = row;
    this.#time = time;
  }

  /** Rows that will have passed in so many milliseconds if it goes on like that; below zero towards the top. */
  ahead(milliseconds: number): number {
    return this.#pace * milliseconds;
  }
}
