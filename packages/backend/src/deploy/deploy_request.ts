import type { z } from "zod";
import { adminOfHeader, requireDeployer } from "./admin.ts";
import type { DeployContext } from "./deploy_context.ts";
import { readRequest } from "./request_body.ts";

/**
 * Reads a request that carries its key in the body (R §4.1), and checks the key. Tools send it in the header too;
 * without a good one there, nobody makes this server take in and unpack more than a function call may have.
 * Throws `BadDeployKey`, `OperationNotPermitted`, or what {@link readRequest} throws.
 */
export async function readDeployRequest<T extends { readonly adminKey: string }>(
  context: DeployContext,
  request: Request,
  shape: z.ZodType<T>,
): Promise<T> {
  const { pushBody, httpBody } = context.limits;
  const isKnown = await adminOfHeader(context, request, "Deploy").then(
    () => true,
    () => false,
  );
  const read = await readRequest(request, shape, isKnown ? pushBody : Math.min(pushBody, httpBody));
  requireDeployer(context, read.adminKey);
  return read;
}
