/**
 * Curves computed from metrics, as `train/loss - val/loss` or ``log10(`grad norm`)``. A name is a metric key: letters, digits and `_ / .`, or anything in
 * backquotes. Operators by rank: `^` (to the right), unary minus, `* /`, `+ -`. Functions: abs, sqrt, exp, log, log10, min, max.
 */
export interface Expression {
  /** The metrics it needs, each once, as they first occur. */
  keys: string[];
  /** The value for values of `keys` in that order; not finite where the arithmetic has no answer. */
  evaluate: (values: readonly number[]) => number;
}

/** What is wrong with an expression, and where, from 0. */
export class ExpressionError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

type Evaluate = Expression["evaluate"];

interface Token {
  kind: "number" | "name" | "sign" | "end";
  text: string;
  at: number;
  quoted?: boolean;
}

const functions: Record<string, { least: number; most: number; apply: (...values: number[]) => number }> = {
  abs: { least: 1, most: 1, apply: Math.abs },
  sqrt: { least: 1, most: 1, apply: Math.sqrt },
  exp: { least: 1, most: 1, apply: Math.exp },
  log: { least: 1, most: 1, apply: Math.log },
  log10: { least: 1, most: 1, apply: Math.log10 },
  min: { least: 2, most: 20, apply: Math.min },
  max: { least: 2, most: 20, apply: Math.max },
};

const mostLength = 1000;
const mostDepth = 50;

/** Reads an expression; throws an `ExpressionError`. */
export function parseExpression(text: string): Expression {
  if (text.length > mostLength)
    throw new ExpressionError(`An expression has at most ${mostLength} characters`, mostLength);
  const parser = new Parser(tokens(text));
  const evaluate = parser.sum(0);
  parser.end();
  return { keys: parser.keys, evaluate };
}

function tokens(text: string): Token[] {
  const pattern =
    /\s*(?:(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)|`([^`]+)`|([\p{L}_][\p{L}\p{N}_.]*(?:\/[\p{L}_][\p{L}\p{N}_.]*)*)|([-+*/^(),]))/uy;
  const found: Token[] = [];
  for (let at = 0; at < text.trimEnd().length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) {
      const place = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
      const sign = String.fromCodePoint(text.codePointAt(place) ?? 0);
      throw new ExpressionError(sign === "`" ? "A backquote is not closed" : `'${sign}' means nothing here`, place);
    }
    const [whole, number, quoted, name, sign] = match;
    const body = number ?? quoted ?? name ?? sign ?? "";
    const place = pattern.lastIndex - whole.trimStart().length;
    const kind = number !== undefined ? "number" : sign !== undefined ? "sign" : "name";
    found.push({ kind, text: body, at: place, quoted: quoted !== undefined });
  }
  found.push({ kind: "end", text: "", at: text.length });
  return found;
}

/** Each method reads what binds at least as strongly as its name and gives back how to compute it. */
class Parser {
  readonly keys: string[] = [];
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(found: readonly Token[]) {
    this.#tokens = found;
  }

  sum(depth: number): Evaluate {
    if (depth > mostDepth) throw new ExpressionError("Brackets are nested too deeply", this.#next().at);
    let left = this.#product(depth);
    for (;;) {
      const before = left;
      if (this.#take("+")) {
        const right = this.#product(depth);
        left = (values) => before(values) + right(values);
      } else if (this.#take("-")) {
        const right = this.#product(depth);
        left = (values) => before(values) - right(values);
      } else return left;
    }
  }

  end(): void {
    const rest = this.#next();
    if (rest.kind !== "end") throw new ExpressionError(`An operator is missing before '${rest.text}'`, rest.at);
  }

  #product(depth: number): Evaluate {
    let left = this.#signed(depth);
    for (;;) {
      const before = left;
      if (this.#take("*")) {
        const right = this.#signed(depth);
        left = (values) => before(values) * right(values);
      } else if (this.#take("/")) {
        const right = this.#signed(depth);
        left = (values) => before(values) / right(values);
      } else return left;
    }
  }

  #signed(depth: number): Evaluate {
    if (depth > mostDepth) throw new ExpressionError("Signs are nested too deeply", this.#next().at);
    if (this.#take("-")) {
      const value = this.#signed(depth + 1);
      return (values) => -value(values);
    }
    const base = this.#single(depth);
    if (!this.#take("^")) return base;
    const power = this.#signed(depth + 1);
    return (values) => base(values) ** power(values);
  }

  #single(depth: number): Evaluate {
    const token = this.#next();
    if (this.#take("(")) {
      const inner = this.sum(depth + 1);
      this.#expect(")");
      return inner;
    }
    if (token.kind === "end" || token.kind === "sign")
      throw new ExpressionError(
        token.kind === "end"
          ? "Something is missing at the end"
          : `A metric or a number is missing before '${token.text}'`,
        token.at,
      );
    this.#at += 1;
    if (token.kind === "number") {
      const number = Number.parseFloat(token.text);
      return () => number;
    }
    if (!token.quoted && this.#take("(")) return this.#call(token, depth);
    const index = this.keys.includes(token.text) ? this.keys.indexOf(token.text) : this.keys.push(token.text) - 1;
    return (values) => values[index] ?? Number.NaN;
  }

  #call(name: Token, depth: number): Evaluate {
    const known = Object.hasOwn(functions, name.text) ? functions[name.text] : undefined;
    if (!known)
      throw new ExpressionError(
        `There is no function '${name.text}'; there are ${Object.keys(functions).join(", ")}`,
        name.at,
      );
    const inputs: Evaluate[] = [];
    do inputs.push(this.sum(depth + 1));
    while (this.#take(","));
    this.#expect(")");
    if (inputs.length < known.least || inputs.length > known.most)
      throw new ExpressionError(
        `'${name.text}' takes ${known.least === known.most ? known.least : `${known.least} to ${known.most}`} values`,
        name.at,
      );
    return (values) => known.apply(...inputs.map((input) => input(values)));
  }

  #next(): Token {
    return this.#tokens[this.#at] as Token;
  }

  #take(sign: string): boolean {
    const token = this.#next();
    if (token.kind !== "sign" || token.text !== sign) return false;
    this.#at += 1;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw new ExpressionError(`'${sign}' is missing`, this.#next().at);
  }
}
