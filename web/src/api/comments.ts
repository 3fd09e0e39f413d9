import { useInfiniteQuery } from "@tanstack/react-query";
import { formatCount } from "@/state/format";
import { getJson, query, sendJson } from "./http";
import { renew } from "./queries";
import type { Comment, CommentPage } from "./types";

const root = "/api/v1/comments";

/** What is talked about. */
export interface Subject {
  kind: "run" | "experiment";
  id: string;
}

const keyOf = (subject: Subject) => ["comments", subject.kind, subject.id] as const;

/** What was said about something, the oldest first, a page at a time. */
export const useComments = (subject: Subject) =>
  useInfiniteQuery({
    queryKey: keyOf(subject),
    queryFn: ({ signal, pageParam }) =>
      getJson<CommentPage>(`${root}${query({ ...subject, after: pageParam, limit: 100 })}`, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

/** How many of the comments that were read stand, and the same as text, with a sign where there are more to read. */
export function standingComments(list: ReturnType<typeof useComments>): { count: number; text: string } {
  const comments = list.data?.pages.flatMap((page) => page.comments) ?? [];
  const count = comments.filter((one) => one.deletedAt === undefined).length;
  return { count, text: `${formatCount(count)}${list.hasNextPage ? "+" : ""}` };
}

export const refreshComments = (subject: Subject) => renew({ queryKey: keyOf(subject) });

const idOf = (comment: string) => `${root}/${encodeURIComponent(comment)}`;

export const addComment = (subject: Subject, text: string) => sendJson<Comment>("POST", root, { ...subject, text });
export const editComment = (comment: string, text: string) => sendJson<Comment>("PATCH", idOf(comment), { text });
export const deleteComment = (comment: string) => sendJson<void>("DELETE", idOf(comment));
