import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestServer } from "./server";

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start();
});

afterAll(() => server?.stop());

test("the types of the native API are those of the server; `npm run schema` renews them", async () => {
  const program = fileURLToPath(new URL("../node_modules/.bin/openapi-typescript", import.meta.url));
  const kept = fileURLToPath(new URL("../src/api/schema.d.ts", import.meta.url));
  const check = promisify(execFile)(program, [`${server.address}/openapi/v1.json`, "-o", kept, "--check"]);
  await expect(check).resolves.toBeTruthy();
});
