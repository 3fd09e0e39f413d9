import { expect, test } from "vitest";
import { parseNotebook } from "./notebook";

test("cells and the best form of each output", () => {
  const notebook = parseNotebook({
    cells: [
      { cell_type: "markdown", source: ["# A\n", "b"] },
      {
        cell_type: "code",
        execution_count: 3,
        source: "1/0",
        outputs: [
          { output_type: "stream", name: "stderr", text: ["x\n"] },
          { output_type: "display_data", data: { "text/plain": "fig", "image/png": "iVBO\nRw==" } },
          { output_type: "execute_result", data: { "text/html": "<b>1</b>", "text/plain": "1" } },
          { output_type: "error", ename: "E", evalue: "v", traceback: ["t1", "t2"] },
          { output_type: "display_data", data: { "image/png": '"><script>', "text/plain": "kept" } },
        ],
      },
    ],
    metadata: { kernelspec: { name: "python3" } },
  });
  expect(notebook?.language).toBe("python");
  expect(notebook?.cells[0]).toMatchObject({ kind: "markdown", source: "# A\nb" });
  expect(notebook?.cells[1]?.outputs).toEqual([
    { kind: "text", text: "x\n", bad: true },
    { kind: "image", source: "data:image/png;base64,iVBORw==" },
    { kind: "html", html: "<b>1</b>" },
    { kind: "text", text: "t1\nt2", bad: true },
    { kind: "text", text: "kept", bad: false },
  ]);
});

test.each([[null], [[]], [{}], [{ cells: {} }], ["cells"]])("%j is no notebook", (value) =>
  expect(parseNotebook(value)).toBeUndefined(),
);

test("cells of unexpected types are read as far as they go", () =>
  expect(
    parseNotebook({ cells: [7, { source: 3, outputs: "x" }, { cell_type: "code", outputs: [null, { data: 1 }] }] })
      ?.cells,
  ).toEqual([
    { kind: "raw", source: "", count: undefined, outputs: [] },
    { kind: "code", source: "", count: undefined, outputs: [] },
  ]));
