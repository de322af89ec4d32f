/**
 * The version of the public API and protocols that this command speaks. Servers choose their behaviour
 * by it (P §1.1), so it is not the version of this package.
 */
export const protocolVersion = "1.48.0";
