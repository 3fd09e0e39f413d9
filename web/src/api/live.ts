import type { LiveChanges } from "./types";

export interface LiveScope {
  experiments?: string[];
  runs?: string[];
}

export type LiveState = "off" | "connecting" | "open" | "lost";

const retryAfter = [500, 1000, 2000, 4000, 8000];

/**
 * The one event stream of this tab. A hidden tab closes it, because a browser allows only a few connections to one server, and
 * reads everything again when it is shown.
 */
export class LiveStream {
  #source: EventSource | undefined;
  #scope: LiveScope | undefined;
  #state: LiveState = "off";
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #stateListeners = new Set<() => void>();
  readonly #changeListeners = new Set<(changes: LiveChanges) => void>();
  readonly #catchUpListeners = new Set<(away: boolean) => void>();
  /** Whether the stream was gone for a while, and not only new. */
  #away = false;

  constructor() {
    document.addEventListener("visibilitychange", () => {
      if (!this.#scope) return;
      if (document.hidden) {
        this.#away = true;
        this.#close();
      } else if (!this.#source) this.#open();
    });
  }

  readonly state = (): LiveState => this.#state;

  readonly onState = (listener: () => void): (() => void) => {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  };

  /** Called for every set of changes. */
  onChanges(listener: (changes: LiveChanges) => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  /** Called when the stream opens: what was read before may have missed changes, many of them when the stream was `away`. */
  onCatchUp(listener: (away: boolean) => void): () => void {
    this.#catchUpListeners.add(listener);
    return () => this.#catchUpListeners.delete(listener);
  }

  /** Follows other things; nothing happens when the scope stays the same. */
  follow(scope: LiveScope): void {
    if (JSON.stringify(scope) === JSON.stringify(this.#scope)) return;
    this.#scope = scope;
    this.#close();
    if (!document.hidden) this.#open();
  }

  #open(): void {
    const parts = new URLSearchParams();
    for (const id of this.#scope?.experiments ?? []) parts.append("experiment", id);
    for (const id of this.#scope?.runs ?? []) parts.append("run", id);
    const source = new EventSource(`/api/v1/live?${parts}`);
    this.#source = source;
    if (this.#state !== "lost") this.#set("connecting");
    source.onopen = () => {
      this.#attempt = 0;
      this.#set("open");
      const away = this.#away;
      this.#away = false;
      for (const listener of this.#catchUpListeners) listener(away);
    };
    source.addEventListener("changes", (event) => {
      const changes = JSON.parse((event as MessageEvent<string>).data) as LiveChanges;
      for (const listener of this.#changeListeners) listener(changes);
    });
    source.onerror = () => {
      this.#away = true;
      this.#close();
      this.#set("lost");
      const wait = retryAfter[Math.min(this.#attempt, retryAfter.length - 1)] ?? 8000;
      this.#attempt += 1;
      this.#timer = setTimeout(() => {
        if (!document.hidden) this.#open();
      }, wait);
    };
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  #set(state: LiveState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of this.#stateListeners) listener();
  }
}

export const live = new LiveStream();
