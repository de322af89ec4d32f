/**
 * The level of the protocol this client speaks, as the version of the genuine
 * client that speaks it. Servers choose their behaviour by it: from 1.28.0 on they
 * may send `TransitionChunk`s (P §1.1).
 */
export const PROTOCOL_LEVEL = "1.48.0";
