export { formatLogLine, readLogLine, structuredLogLine, systemLogLine } from "./log_line.ts";
