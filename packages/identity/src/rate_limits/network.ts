import { isIPv6 } from "node:net";

/** Groups of an IPv6 address that name the network: whoever has one has all the addresses in it (RFC 4291 §2.5.4). */
const NETWORK_GROUPS = 4;

const MAPPED = /^::ffff:(\d+(?:\.\d+){3})$/i;

/** Whom an address belongs to: an IPv4 address stands for itself, one of IPv6 for its network. */
export function networkOf(ipAddress: string): string {
  const mapped = MAPPED.exec(ipAddress)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(ipAddress)) return ipAddress;
  const [head = "", tail] = ipAddress.replace(/%.*$/, "").split("::");
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const behind = tail === "" ? [] : tail.split(":");
    while (groups.length + behind.length < 8) groups.push("0");
    groups.push(...behind);
  }
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(":")}::/64`;
}
