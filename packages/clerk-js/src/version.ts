/** This package's version, as requests announce it. */
export const VERSION = "0.1.0";

/** The version of the Frontend API that is spoken (F §0). */
export const API_VERSION = "2025-11-10";
