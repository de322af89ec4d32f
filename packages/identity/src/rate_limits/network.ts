import { isIPv6 } from "node:net";

/** Groups of an IPv6 address that name its network. */
const GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * What an address is counted by. An IPv4 address is itself, also in the clothes of IPv6 (`::ffff:192.0.2.1`); of an IPv6
 * address it is the /64 network: whoever has one has all of them, and could send each request from another (RFC 6177).
 */
export function networkOf(address: string): string {
  const [plain = ""] = address.split("%");
  if (!isIPv6(plain)) return address;
  const embedded = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(plain)?.[1];
  if (embedded !== undefined) return embedded;
  // An IPv4 address at the end stands for two groups; only their number matters here.
  const [head = "", tail] = plain.replace(/\d+(?:\.\d+){3}$/, "0:0").split("::");
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const after = tail === "" ? [] : tail.split(":");
    groups.push(...Array<string>(GROUPS - groups.length - after.length).fill("0"), ...after);
  }
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(":")}::/64`;
}
