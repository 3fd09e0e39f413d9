import { useQuery } from "@tanstack/react-query";
import { getJson, sendJson } from "./http";
import { client, renew } from "./queries";
import type { Star } from "./types";

export type StarKind = "run" | "experiment" | "report";

const root = "/api/v1/stars";
const keyOf = (kind: StarKind) => ["stars", kind] as const;

/** Ids of what this person starred, the newest first. */
export const useStars = (kind: StarKind) =>
  useQuery({
    queryKey: keyOf(kind),
    queryFn: ({ signal }) => getJson<Star[]>(`${root}/${kind}`, signal),
    select: (stars) => stars.map((star) => star.id),
  });

/** Stars something or takes its star away; the page shows it at once and takes it back when the server refuses. */
export async function setStar(kind: StarKind, id: string, starred: boolean): Promise<void> {
  const key = keyOf(kind);
  await client.cancelQueries({ queryKey: key });
  const before = client.getQueryData<Star[]>(key);
  client.setQueryData<Star[]>(key, (stars = []) => {
    const others = stars.filter((star) => star.id !== id);
    return starred ? [{ kind, id, starredAt: Date.now() }, ...others] : others;
  });
  try {
    await sendJson<void>(starred ? "PUT" : "DELETE", `${root}/${kind}/${encodeURIComponent(id)}`);
  } catch (cause) {
    client.setQueryData(key, before);
    throw cause;
  }
  await renew({ queryKey: key });
}
