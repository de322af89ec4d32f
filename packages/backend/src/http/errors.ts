import { ApiError, httpErrorOf, isApiError } from "@tandem/protocol";

/** The one place where an error becomes an HTTP answer (P §6.2). What is our own fault goes to `report`. */
export function errorResponse(error: unknown, report: (error: unknown) => void): Response {
  const { status, body } = httpErrorOf(error);
  if (status === 500) {
    report(error);
  }
  if (isApiError(error) && error.kind === "ClientDisconnect") {
    return new Response(null, { status });
  }
  return Response.json(body, { status });
}

export function notFound(): Response {
  return new Response(null, { status: 404 });
}

/** Reads a JSON body. Throws `BadJsonBody` (P §3.2, §3.3) or, for one that is too large, 413's code. */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (type.split(";")[0]!.trim().toLowerCase() !== "application/json") {
    throw new ApiError("BadRequest", "BadJsonBody", "Expected request with `Content-Type: application/json`");
  }
  const text = new TextDecoder().decode(await readBody(request, limit));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiError(
      "BadRequest",
      "BadJsonBody",
      `The request's body is not JSON: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

/** Reads a body of at most `limit` bytes, without taking in more of a larger one. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new ApiError(
      "BadRequest",
      "RequestTooLarge",
      `The request's body is larger than the limit of ${limit} bytes.`,
    );
  if (Number(request.headers.get("content-length") ?? 0) > limit) {
    throw tooLarge();
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.byteLength;
    if (size > limit) {
      throw tooLarge();
    }
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}
