export { takeByAddress } from "./by_address.ts";
export { type RateKind, Rates } from "./rates.ts";
