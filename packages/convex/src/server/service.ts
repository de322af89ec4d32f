import { requireArgument } from "./abi/check_argument.ts";
import { asyncSyscall } from "./abi/syscall.ts";
import { abiVersion } from "./abi/version.ts";

/** A service that the deployment may offer to its actions. */
export type ServiceName = "ai-gateway";

/** A token for a service of the deployment, in actions only (R §1.6). */
export async function getServiceToken(service: ServiceName): Promise<string> {
  requireArgument(service, 1, "getServiceToken", "service");
  return (await asyncSyscall("1.0/createServiceToken", { service, version: abiVersion })) as string;
}

/** The address of a service of the deployment, in actions only (R §1.6). */
export async function getServiceUrl(service: ServiceName): Promise<string> {
  requireArgument(service, 1, "getServiceUrl", "service");
  return (await asyncSyscall("1.0/getServiceUrl", { service, version: abiVersion })) as string;
}
