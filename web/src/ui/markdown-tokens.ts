import { Marked, type Token, type TokensList } from "marked";

const marked = new Marked({ gfm: true, breaks: false });

/** The parts of a Markdown text, with references to links already looked up. */
export const tokensOf = (text: string): TokensList => marked.lexer(text);

/** HTML as the text says it: not yet safe to show. */
export const htmlOf = (tokens: Token[]): string => marked.parser(tokens);
