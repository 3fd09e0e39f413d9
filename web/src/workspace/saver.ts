/** Writes the newest of several values that come one after the other, one write at a time. */
export class Saver<T> {
  readonly #write: (value: T, last: boolean) => Promise<unknown>;
  readonly #failed: (cause: unknown) => boolean;
  readonly #pause: number;
  #waiting: { value: T } | undefined;
  #writing: { value: T } | undefined;
  #newest: { value: T } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param write stores a value; `last` when the page goes away, so that nobody waits for the answer
   * @param failed told of a write that failed; true when the same value is to be tried again
   * @param pause milliseconds without another value before a write
   */
  constructor(write: (value: T, last: boolean) => Promise<unknown>, failed: (cause: unknown) => boolean, pause = 500) {
    this.#write = write;
    this.#failed = failed;
    this.#pause = pause;
  }

  /** What is not known to be stored yet. */
  get unsaved(): T | undefined {
    return (this.#waiting ?? this.#writing)?.value;
  }

  /** What is stored, or what was set and may not be in it: because it is not stored yet, or was set while this was read. */
  async read<R>(stored: () => Promise<R>): Promise<R | T> {
    const before = this.#newest;
    const found = await stored();
    if (this.#newest && this.#newest !== before) return this.#newest.value;
    return this.unsaved ?? found;
  }

  set(value: T): void {
    this.#waiting = { value };
    this.#newest = this.#waiting;
    this.#later(this.#pause);
  }

  /** Writes what waits without delay; for a page that goes away. */
  flush(): void {
    if (!this.#waiting) return;
    clearTimeout(this.#timer);
    const { value } = this.#waiting;
    this.#waiting = undefined;
    void this.#write(value, true).catch(() => undefined);
  }

  #later(pause: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#next(), pause);
  }

  async #next(): Promise<void> {
    if (this.#writing || !this.#waiting) return;
    const now = this.#waiting;
    this.#writing = now;
    this.#waiting = undefined;
    let again = false;
    try {
      await this.#write(now.value, false);
    } catch (cause) {
      again = this.#failed(cause);
    }
    this.#writing = undefined;
    if (again) this.#waiting ??= now;
    if (this.#waiting) this.#later(again ? this.#pause * 8 : this.#pause);
  }
}
