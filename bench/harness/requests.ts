import { Agent, request } from "node:http";

export interface HttpAnswer {
  readonly json: unknown;
  /** The cookies that it sets, as a request's header brings them back. */
  readonly cookies: string;
}

export interface HttpRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** POSTs over one connection that is kept. Rejects on any answer but 200. */
export function keptConnection(): (asked: HttpRequest) => Promise<HttpAnswer> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return ({ url, headers, body }) =>
    new Promise((resolve, reject) => {
      const call = request(
        url,
        { method: "POST", agent, headers: { ...headers, "content-length": Buffer.byteLength(body) } },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => {
            text += chunk;
          });
          response.on("end", () => {
            if (response.statusCode !== 200) {
              reject(new Error(`${url} answered ${response.statusCode}: ${text.slice(0, 500)}`));
              return;
            }
            const cookies = (response.headers["set-cookie"] ?? []).map((cookie) => cookie.split(";")[0]!);
            resolve({ json: JSON.parse(text), cookies: cookies.join("; ") });
          });
        },
      );
      call.on("error", reject);
      call.end(body);
    });
}
