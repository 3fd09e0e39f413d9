import { useQuery } from "@tanstack/react-query";
import { getJson, request, sendJson } from "./http";
import { keys, renew } from "./queries";
import type { SavedView } from "./types";

const root = (experimentId: string) => `/api/v1/experiments/${encodeURIComponent(experimentId)}`;
const views = (experimentId: string) => `${root(experimentId)}/views`;

/** The saved views of an experiment by name, without their settings. */
export const useViews = (experimentId: string) =>
  useQuery({
    queryKey: keys.views(experimentId),
    queryFn: ({ signal }) => getJson<SavedView[]>(views(experimentId), signal),
  });

const renewed = (experimentId: string) => renew({ queryKey: keys.views(experimentId) });

export async function createView(experimentId: string, name: string, settings: object): Promise<SavedView> {
  const made = await sendJson<SavedView>("POST", views(experimentId), { name, settings });
  await renewed(experimentId);
  return made;
}

export async function updateView(
  experimentId: string,
  id: string,
  change: { name?: string; settings?: object; revision?: number },
): Promise<void> {
  await sendJson<SavedView>("PATCH", `${views(experimentId)}/${id}`, change);
  await renewed(experimentId);
}

export async function deleteView(experimentId: string, id: string): Promise<void> {
  await request(`${views(experimentId)}/${id}`, { method: "DELETE" });
  await renewed(experimentId);
}

/** Chooses the view that the experiment opens with, or none. */
export async function setDefaultView(experimentId: string, viewId: string | undefined): Promise<void> {
  await request(`${root(experimentId)}/default-view`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(viewId === undefined ? {} : { viewId }),
  });
  await renewed(experimentId);
}
