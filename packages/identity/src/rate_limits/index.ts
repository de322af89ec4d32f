export { type RateKind, Rates } from "./rates.ts";
