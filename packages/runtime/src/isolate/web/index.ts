export type { BridgeFunctions, RealmMode } from "./bridge.ts";
export { type HostFetches, openHostFetches } from "./host_fetch.ts";
export { answered, failed, type HostServices, hostCall, subtleAside, trueRandom } from "./host_operations.ts";
export type { Realm } from "./realm_face.ts";
export { realmScript } from "./realm_script.ts";
