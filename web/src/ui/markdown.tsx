import { lazy, Suspense } from "react";
import { Skeleton } from "./state-views";

const Rendered = lazy(() => import("./markdown-rendered"));

/** Markdown of people and programs, cleaned of everything that runs. */
export const Markdown = ({ text }: { text: string }) => (
  <Suspense fallback={<Skeleton className="h-16" />}>
    <Rendered text={text} />
  </Suspense>
);
