import { fieldOf, quote } from "@/api/filter";
import type { KeyList } from "@/api/types";

/** Completion of the native filter language (docs/formats/filter.md). */

export interface Suggestion {
  text: string;
  label: string;
  kind: "metric" | "param" | "tag" | "attribute" | "operator" | "value" | "word";
  /** Runs that have the value. */
  count?: number;
}

export interface Completion {
  from: number;
  to: number;
  items: Suggestion[];
  /** A value of this field is being written, of which the server knows those in use; `typed` is what is written of it. */
  values?: { field: string; typed: string };
}

const attributes = ["name", "status", "start_time", "end_time", "duration", "user", "run_id", "parent_id"];
const statuses = ["running", "scheduled", "finished", "failed", "killed"];
const operators: Record<string, string[]> = {
  metric: ["<", ">", "<=", ">=", "=", "!=", "is null", "is not null"],
  text: ["=", "!=", "contains", "like", "in (", "is null", "is not null", "<", ">"],
  time: [">", "<", ">=", "<="],
};
const limit = 12;

type Kind = "field" | "operator" | "value" | "join" | "open" | "close";
interface Token {
  kind: Kind | "word";
  text: string;
  from: number;
  to: number;
}

const tokenPattern = /"(?:[^"]|"")*"?|'(?:[^']|'')*'?|[<>=!]+|[(),]|(?:`[^`]*`?|[^\s<>=!(),"'`])+/g;

function tokens(text: string): Token[] {
  const found: Token[] = [];
  let expect: Kind = "field";
  for (const match of text.matchAll(tokenPattern)) {
    const token = match[0];
    const from = match.index;
    const word = token.toLowerCase();
    let kind: Kind;
    if (token === "(") kind = "open";
    else if (token === ")") kind = "close";
    else if (expect === "join" && (word === "and" || word === "or")) kind = "join";
    else if (expect === "field" && word === "not") kind = "join";
    else kind = expect;
    found.push({ kind, text: token, from, to: from + token.length });
    expect = after(kind, word, expect, found);
  }
  return found;
}

function after(kind: Kind, word: string, expect: Kind, before: Token[]): Kind {
  if (kind === "join") return "field";
  if (kind === "open") return expect;
  if (kind === "close") return "join";
  if (kind === "field") return "operator";
  if (kind === "operator")
    return ["is", "not"].includes(word)
      ? word === "not" && previous(before) !== "is"
        ? "operator"
        : "value"
      : "value";
  if (kind === "value") return word === "not" ? "value" : word === "," ? "value" : inList(before) ? "value" : "join";
  return expect;
}

const previous = (found: Token[]): string | undefined => found[found.length - 2]?.text.toLowerCase();

function inList(found: Token[]): boolean {
  for (let at = found.length - 1; at > 0; at--) {
    if (found[at]?.kind === "close") return false;
    if (found[at]?.kind === "open") return found[at - 1]?.text.toLowerCase() === "in";
  }
  return false;
}

/** What may stand at the caret, best first. */
export function complete(text: string, caret: number, keys: KeyList | undefined): Completion {
  const before = tokens(text.slice(0, caret));
  const last = before[before.length - 1];
  const typing = last && last.to === caret && !/^[(),]$/.test(last.text) ? last : undefined;
  const earlier = typing ? before.slice(0, -1) : before;
  const from = typing?.from ?? caret;
  const to = typing ? caret + (/^[^\s<>=!(),"']*/.exec(text.slice(caret))?.[0].length ?? 0) : caret;
  const kind = typing?.kind ?? expected(earlier);
  const typed = (typing?.text ?? "").toLowerCase();
  const items = candidates(kind, earlier, keys, typed);
  const field = fieldBefore(earlier);
  const ofField = kind === "value" && hasValues(field) && earlier.at(-1)?.text.toLowerCase() !== "is";
  return {
    from,
    to,
    items: rank(items, typed).slice(0, limit),
    ...(ofField ? { values: { field, typed: (typing?.text ?? "").replace(/^["']|["']$/g, "") } } : {}),
  };
}

/** What is in use, as suggestions of a value. */
export const valueItems = (values: readonly { value: string; runs: number }[]): Suggestion[] =>
  values.slice(0, limit).map(({ value, runs }) => ({ text: quote(value), label: value, kind: "value", count: runs }));

/** The field as it was written, with its quotes. */
const fieldBefore = (earlier: Token[]): string => earlier.findLast((token) => token.kind === "field")?.text ?? "";

const hasValues = (field: string): boolean =>
  /^(params?|tags?)\./i.test(field) || ["name", "user"].includes(field.toLowerCase());

function expected(found: Token[]): Kind {
  let expect: Kind = "field";
  found.forEach((token, index) => {
    expect = after(token.kind as Kind, token.text.toLowerCase(), expect, found.slice(0, index + 1));
  });
  return expect;
}

function candidates(kind: Kind | "word", earlier: Token[], keys: KeyList | undefined, typed: string): Suggestion[] {
  if (kind === "join") {
    const words: Suggestion[] = ["and", "or"].map((text) => ({ text, label: text, kind: "word" }));
    return typed && !"and or".includes(typed) ? [...words, ...fields(keys)] : words;
  }
  if (kind === "operator") return operatorsOf(earlier).map((text) => ({ text, label: text, kind: "operator" }));
  if (kind === "value") return valuesOf(earlier);
  return fields(keys);
}

function fields(keys: KeyList | undefined): Suggestion[] {
  const of = (entity: string, kind: Suggestion["kind"], names: readonly string[]): Suggestion[] =>
    names.map((name) => ({ text: fieldOf(entity, name), label: `${entity}.${name}`, kind }));
  return [
    ...attributes.map((name): Suggestion => ({ text: name, label: name, kind: "attribute" })),
    ...of("metrics", "metric", keys?.metrics ?? []),
    ...of("params", "param", keys?.params ?? []),
    ...of("tags", "tag", keys?.tags ?? []),
  ];
}

function lastField(earlier: Token[]): string {
  return (
    [...earlier]
      .reverse()
      .find((token) => token.kind === "field")
      ?.text.toLowerCase() ?? ""
  );
}

function operatorsOf(earlier: Token[]): string[] {
  const field = lastField(earlier);
  if (field.startsWith("metric")) return operators.metric ?? [];
  return (/(_time|duration)$/.test(field) ? operators.time : operators.text) ?? [];
}

function valuesOf(earlier: Token[]): Suggestion[] {
  const value = (text: string): Suggestion => ({ text, label: text, kind: "value" });
  const last = earlier[earlier.length - 1]?.text.toLowerCase();
  if (last === "is") return [value("null"), value("not null")];
  const field = lastField(earlier);
  if (field === "status" || field === "attributes.status") return statuses.map((status) => value(quote(status)));
  if (field === "duration") return ['"90s"', '"15m"', '"2h"', '"3d"'].map(value);
  return [];
}

function rank(items: Suggestion[], typed: string): Suggestion[] {
  if (!typed) return items;
  const bare = typed.replaceAll("`", "").replaceAll('"', "");
  const scored = items.flatMap((item) => {
    const label = item.label.toLowerCase();
    const key = label.slice(label.indexOf(".") + 1);
    if (label === bare || item.text.toLowerCase() === typed) return [];
    if (label.replaceAll('"', "").startsWith(bare)) return [{ item, score: 0 }];
    if (key.startsWith(bare)) return [{ item, score: 1 }];
    return key.includes(bare) ? [{ item, score: 2 }] : [];
  });
  return scored.sort((a, b) => a.score - b.score).map(({ item }) => item);
}

/** The column that an error of the server points at, from 1; the message without that prefix. */
export function errorColumn(message: string): { column: number | undefined; text: string } {
  const match = /^Filter, column (\d+):\s*/.exec(message);
  if (!match) return { column: undefined, text: message };
  const text = message.slice(match[0].length);
  return { column: Number(match[1]), text: text.charAt(0).toUpperCase() + text.slice(1) };
}
