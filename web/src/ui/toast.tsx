import { X } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";
import { ApiError } from "@/api/http";
import { Button } from "./button";
import { cx } from "./classes";

interface Toast {
  id: number;
  text: string;
  bad: boolean;
  /** It says how far something is, and stays until that has ended. */
  busy: boolean;
  action: { label: string; run: () => void } | undefined;
}

let toasts: Toast[] = [];
let next = 0;
const listeners = new Set<() => void>();

function set(changed: Toast[]): void {
  toasts = changed;
  for (const listener of listeners) listener();
}

const dismiss = (id: number) => set(toasts.filter((toast) => toast.id !== id));

export function notify(text: string, action?: Toast["action"]): void {
  next += 1;
  set([...toasts.slice(-2), { id: next, text, bad: false, busy: false, action }]);
}

/** Says how far something is for as long as it takes; the action stops it. */
export function notifyProgress(
  text: string,
  action: Toast["action"],
): { tell: (text: string) => void; end: () => void } {
  next += 1;
  const id = next;
  set([...toasts.slice(-2), { id, text, bad: false, busy: true, action }]);
  return {
    tell: (changed) => set(toasts.map((toast) => (toast.id === id ? { ...toast, text: changed } : toast))),
    end: () => dismiss(id),
  };
}

export function notifyError(what: string, cause: unknown): void {
  next += 1;
  const why = cause instanceof ApiError || cause instanceof Error ? cause.message : String(cause);
  set([...toasts.slice(-2), { id: next, text: `${what}. ${why}`, bad: true, busy: false, action: undefined }]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toaster() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div aria-live="polite" className="pointer-events-none fixed inset-x-4 bottom-4 z-50 flex flex-col items-end gap-2">
      {shown.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  useEffect(() => {
    if (toast.bad || toast.busy) return;
    const timer = setTimeout(() => dismiss(toast.id), 7000);
    return () => clearTimeout(timer);
  }, [toast]);
  return (
    <div
      role={toast.bad ? "alert" : "status"}
      className={cx(
        "pointer-events-auto flex max-w-md animate-appear items-center gap-2 rounded-lg border bg-raised py-1.5 pr-1.5 pl-4 text-sm shadow-float",
        toast.bad ? "border-bad text-bad" : "border-line",
      )}
    >
      {toast.busy && <span aria-hidden="true" className="size-2 shrink-0 animate-breathe rounded-full bg-busy" />}
      <span className="num py-1">{toast.text}</span>
      {toast.action && (
        <Button
          look="ghost"
          className="text-accent"
          onClick={() => {
            toast.action?.run();
            dismiss(toast.id);
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <Button look="ghost" aria-label="Dismiss" className="w-8 px-0" onClick={() => dismiss(toast.id)}>
        <X />
      </Button>
    </div>
  );
}
