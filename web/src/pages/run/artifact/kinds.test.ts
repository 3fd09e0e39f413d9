import { expect, test } from "vitest";
import { languageOf, previewKind } from "./kinds";

test.each([
  ["plots/a.PNG", "image"],
  ["README.md", "markdown"],
  ["model/MLmodel", "text"],
  ["x.tsv", "table"],
  ["rows.parquet", "table"],
  ["plots/figure.plotly.json", "figure"],
  ["code.tar.gz", "none"],
  ["model.onnx", "none"],
  [".hidden", "none"],
])("%s is shown as %s", (path, kind) => expect(previewKind(path)).toBe(kind));

test.each([
  ["a/train.PY", "python"],
  ["Dockerfile", "dockerfile"],
  ["model/MLmodel", "yaml"],
  ["notes.txt", undefined],
])("%s is written in %s", (path, language) => expect(languageOf(path)).toBe(language));
