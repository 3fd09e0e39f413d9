/** The native API of the server that is measured. */
export class Server {
  constructor(address) {
    this.address = address;
  }

  async call(method, path, body) {
    const response = await fetch(`${this.address}/api/v1${path}`, {
      method,
      ...(body === undefined
        ? {}
        : {
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body),
          }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  }

  /** The id of an experiment that bench/seed made. */
  async experiment(name) {
    const { experiments } = await this.call("GET", "/experiments?limit=1000");
    const found = experiments.find((one) => one.name === name);
    if (!found)
      throw new Error(`The server has no experiment ${name}: bench/seed/run --server ${this.address} ${name}`);
    return found.id;
  }
}
