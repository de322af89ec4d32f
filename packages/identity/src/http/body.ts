import { IdentityError, refuse } from "../errors/index.ts";
import { Params } from "./params.ts";
import { readJson } from "./read_json.ts";

/**
 * The fields of a request's body: a form, or JSON. An empty body has none, whatever its type (B §8.3). Throws
 * `unsupported_content_type` and `request_body_invalid`.
 */
export async function readParams(request: Request, limit: number): Promise<Params> {
  const text = await readText(request, limit);
  if (text === "") return new Params(new Map());
  const type = (request.headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
  switch (type) {
    case "application/x-www-form-urlencoded":
      return Params.ofPairs(new URLSearchParams(text));
    case "application/json":
      return Params.ofJson(parse(text));
    default:
      throw refuse("unsupported_content_type");
  }
}

function parse(text: string): unknown {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof IdentityError) throw error;
    throw refuse("request_body_invalid", {}, `The request's body is not JSON: ${(error as Error).message}`);
  }
}

async function readText(request: Request, limit: number): Promise<string> {
  const tooLarge = () =>
    refuse("request_body_invalid", {}, `The request's body is larger than the limit of ${limit} bytes.`);
  const declared = request.headers.get("content-length");
  if (Number(declared ?? 0) > limit) throw tooLarge();
  // A body of a length that is known ahead needs no counting, and its whole text comes without a stream.
  if (declared !== null) return request.text();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.byteLength;
    if (size > limit) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts, size).toString("utf8");
}
