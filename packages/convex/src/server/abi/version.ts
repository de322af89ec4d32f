/**
 * The version of the function ABI that this package speaks, told to the host where R §1.5 has a `version` argument.
 * It is the version of the public client library whose calls these are, not the version of this package.
 */
export const abiVersion = "1.48.0";
