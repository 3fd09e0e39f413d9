import { source } from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { settled } from "./browser";

interface Violation {
  id: string;
  impact: string | null;
  help: string;
  nodes: { target: unknown[]; html: string; failureSummary?: string }[];
}

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Fails on what axe-core finds serious or critical in the page as it stands: WCAG 2.2 A and AA, and its best practices. Wait for the
 * content first; `name` says in the message which state of the page it was.
 */
export async function accessible(page: Page, name: string): Promise<void> {
  await settled(page);
  await page.evaluate(source);
  const found = await page.evaluate(async (values): Promise<Violation[]> => {
    const axe = (window as unknown as { axe: { run: (context: Document, options: unknown) => Promise<unknown> } }).axe;
    const result = await axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] });
    return (result as { violations: Violation[] }).violations;
  }, rules);
  const serious = found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, help, nodes }) =>
      nodes.map(
        (node) => `${id}: ${help}\n  ${node.target.join(" ")}\n  ${node.html.slice(0, 200)}\n  ${node.failureSummary}`,
      ),
    );
  expect(serious, `what axe-core finds on ${name}`).toEqual([]);
}
